import type { SystemDb } from '@app/database';
import type { Clock } from '@app/kernel';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { AnchorFile } from './anchor-file';

/**
 * Adds an anchor to the file for every chain that has grown: at the start, every few minutes and at the end. Whoever cuts
 * the newest rows off and sets the head back is found by these lines and by nothing in the database.
 */
export class AuditAnchoring implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AuditAnchoring.name);
  private readonly noted = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: SystemDb,
    private readonly clock: Clock,
    private readonly file: AnchorFile,
    private readonly intervalSeconds: number,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.anchor();
    this.timer = setInterval(() => void this.anchor(), this.intervalSeconds * 1000);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.anchor();
  }

  /** Never rejects: the product works on without the file, and says so in the log. Runs one after the other. */
  anchor(): Promise<void> {
    this.last = this.last.then(() => this.note()).catch((error: unknown) => this.complain(error));
    return this.last;
  }

  private async note(): Promise<void> {
    const at = this.clock.now().toISOString();
    const heads = await this.db.listAuditHeads();
    const grown = heads.filter(({ chain, seq }) => this.noted.get(chain) !== seq);
    await this.file.append(grown.map((head) => ({ ...head, at })));
    for (const { chain, seq } of grown) this.noted.set(chain, seq);
  }

  private complain(error: unknown): void {
    this.logger.error({ err: error }, `The ends of the audit trail could not be noted in ${this.file.path}`);
  }
}
