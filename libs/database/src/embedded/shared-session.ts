import { type Engine, EngineStopped } from './engine';
import { type BackendResponse, readResponse } from './backend-response';
import { Turnstile } from './turnstile';
import { simpleQuery, sync, type TransactionStatus } from './wire-messages';

/** Who the shared session has to pose as while a client has it. */
export interface SessionIdentity {
  login: string;
  /** As in `SET search_path TO …`. */
  searchPath: string;
}

/** A client as the session sees it. */
export interface SessionClient {
  readonly identity: SessionIdentity;
  /** A statement that runs longer is stopped, with the engine. */
  readonly statementTimeoutMs: number;
}

/** The statement ran longer than its login may; the engine was restarted to stop it. */
export class StatementTimedOut extends Error {
  constructor() {
    super('canceling statement due to statement timeout');
    this.name = 'StatementTimedOut';
  }
}

/** One client's batch: complete messages up to Sync, or one simple query. */
export interface Batch {
  bytes: Buffer;
  /** Uses the unnamed statement without having parsed one in the same batch. */
  continuesUnnamed: boolean;
  /** Channels this batch listens on, as `LISTEN` statements. */
  listens: string[];
}

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/**
 * The engine's only session, lent to one client at a time from its first batch until ReadyForQuery says idle. Before a
 * client with another identity gets it, every setting is reset and the login is changed, so nothing sticks.
 */
export class SharedSession {
  private readonly turnstile = new Turnstile<SessionClient>();
  private identity = '';
  private unnamedOwner: SessionClient | null = null;
  private readonly listens = new Set<string>();
  private status: TransactionStatus = 'I';
  private ran = 0;

  /** @param onRestart called after the engine came back without any prepared statement; it restores them */
  constructor(
    private readonly engine: Engine,
    private readonly onRestart: () => Promise<void>,
  ) {}

  /** How many batches ran so far. */
  get batches(): number {
    return this.ran;
  }

  /** Waits for the session. `leave` or an idle answer gives it back. */
  async enter(client: SessionClient): Promise<void> {
    await this.turnstile.take(client);
  }

  /** Whether this client holds the session in a transaction. */
  isHeldBy(client: SessionClient): boolean {
    return this.turnstile.holder === client;
  }

  /**
   * Runs one batch of the client that has entered. The client keeps the session when a transaction is open afterwards.
   *
   * @throws StatementTimedOut or EngineStopped; the session is free and usable again then
   */
  async run(client: SessionClient, batch: Batch): Promise<BackendResponse> {
    try {
      await this.become(client.identity);
      this.ran += 1;
      const response = await this.runWithin(client.statementTimeoutMs, batch.bytes);
      this.unnamedOwner = client;
      this.status = response.status;
      if (!response.error) batch.listens.forEach((listen) => this.listens.add(listen));
      if (response.status === 'I') this.turnstile.pass(client);
      return response;
    } catch (error) {
      await this.restart().finally(() => this.turnstile.pass(client));
      throw error;
    }
  }

  /** Whether a batch that relies on an earlier unnamed statement would find this client's own. */
  hasUnnamedOf(client: SessionClient): boolean {
    return this.unnamedOwner === client;
  }

  /**
   * Fails the client's open transaction, as a refused statement in it must, and gives the session back when there is
   * none. Resolves whether a failed transaction is open.
   */
  async fail(client: SessionClient): Promise<boolean> {
    if (!this.isHeldBy(client)) return false;
    if (this.status === 'T') {
      const bytes = simpleQuery('select 1/0 -- a refused statement fails its transaction');
      await this.run(client, { bytes, continuesUnnamed: false, listens: [] });
    }
    if (this.status === 'I') this.turnstile.pass(client);
    return this.isHeldBy(client);
  }

  /** Ends whatever the client left open, runs `cleanUp` messages that end with Sync, and gives the session on. */
  async leave(client: SessionClient, cleanUp: Buffer | null): Promise<void> {
    const isHolder = this.isHeldBy(client);
    if (!isHolder && !cleanUp) return;
    await this.enter(client);
    try {
      if (isHolder && this.status !== 'I') await this.engine.run(simpleQuery('rollback'));
      if (cleanUp) await this.engine.run(cleanUp);
      this.status = 'I';
    } catch {
      // A new session has nothing open; when even that fails, the next batch tries again.
      await this.restart().catch(() => undefined);
    } finally {
      if (this.unnamedOwner === client) this.unnamedOwner = null;
      this.turnstile.pass(client);
    }
  }

  /** Makes a client's prepared statements again after a restart. One that never was valid fails again, unnoticed. */
  async restore({ identity }: SessionClient, parses: Buffer[]): Promise<void> {
    if (parses.length === 0) return;
    await this.become(identity); // names in a statement are looked up along its client's search_path
    for (const parse of parses) await this.engine.run(Buffer.concat([parse, sync()]));
  }

  private async become({ login, searchPath }: SessionIdentity): Promise<void> {
    const wanted = `${login} ${searchPath}`;
    if (this.identity === wanted) return;
    const sql = `reset all; set session authorization ${quote(login)}; set search_path to ${searchPath}`;
    const { error } = readResponse(await this.engine.run(simpleQuery(sql)));
    if (error) throw new EngineStopped(error); // half a change of identity must not be used
    this.identity = wanted;
  }

  /** The engine cannot be interrupted from outside: stopping a statement means stopping the engine. */
  private async runWithin(limitMs: number, bytes: Buffer): Promise<BackendResponse> {
    let isRunning = true;
    let hasTimedOut = false;
    const onDeadline = async (): Promise<void> => {
      // An answer may already wait behind a busy event loop: let it in first.
      await new Promise((resolve) => setImmediate(resolve));
      if (!isRunning) return;
      hasTimedOut = true;
      await this.engine.kill();
    };
    const timer = setTimeout(() => void onDeadline(), limitMs);
    try {
      return readResponse(await this.engine.run(bytes));
    } catch (error) {
      throw hasTimedOut ? new StatementTimedOut() : error;
    } finally {
      isRunning = false;
      clearTimeout(timer);
    }
  }

  private async restart(): Promise<void> {
    await this.engine.kill();
    this.identity = '';
    this.unnamedOwner = null;
    this.status = 'I';
    await this.engine.start();
    for (const listen of this.listens) await this.engine.run(simpleQuery(listen));
    await this.onRestart();
  }
}
