import type { SessionClient, SharedSession } from './shared-session';
import { simpleQuery } from './wire-messages';

const INTERVAL_MS = 60_000;

/** One table whose rows changed enough, as autovacuum would judge (its scale factors; a higher base, for fewer pauses). */
const NEXT_TABLE = `
  select format('vacuum (analyze) %I.%I', schemaname, relname) from pg_stat_user_tables
  where n_dead_tup > 1000 + 0.2 * n_live_tup or n_mod_since_analyze > 1000 + 0.1 * n_live_tup
  order by n_dead_tup + n_mod_since_analyze desc limit 1
`;

/**
 * What a server's background processes would do and the engine has none for: checkpoints, without which the log grows
 * until the next clean stop and is replayed after a kill, and vacuuming. It takes its turn like a client, and only when
 * something happened since the last time.
 */
export class Housekeeping implements SessionClient {
  readonly identity = { login: 'postgres', searchPath: 'public' };
  readonly statementTimeoutMs = 600_000;
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private seenBatches = 0;

  constructor(private readonly session: SharedSession) {}

  start(): void {
    this.timer = setInterval(() => {
      this.work = this.work.then(() => this.tidy());
    }, INTERVAL_MS).unref();
  }

  /** Resolves when it is not at work any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.work;
  }

  /** One round. Never rejects: whatever is wrong shows to the clients too. */
  async tidy(): Promise<void> {
    if (this.session.batches === this.seenBatches) return;
    try {
      const vacuum = await this.run(NEXT_TABLE);
      if (vacuum) await this.run(vacuum);
      await this.run('checkpoint');
    } catch {
      // The engine was restarted; the next round does it.
    }
    this.seenBatches = this.session.batches;
  }

  /** The first column of the first row, if there is one. */
  private async run(sql: string): Promise<string | null> {
    await this.session.enter(this);
    const { forClient } = await this.session.run(this, {
      bytes: simpleQuery(sql),
      continuesUnnamed: false,
      listens: [],
    });
    return firstValue(forClient);
  }
}

const DATA_ROW = 0x44;

/** The text of the first column of the first DataRow. */
function firstValue(bytes: Buffer): string | null {
  for (let offset = 0; offset < bytes.length; offset += 1 + bytes.readInt32BE(offset + 1)) {
    if (bytes[offset] !== DATA_ROW) continue;
    const start = offset + 11; // type, length, number of columns, length of the value
    return bytes.toString('utf8', start, start + bytes.readInt32BE(offset + 7));
  }
  return null;
}
