import type { Socket } from 'node:net';
import { isSameSecret } from '@app/crypto';
import { BatchCollector, type CollectedBatch } from './batch-collector';
import type { BridgeLogin } from './bridge-login';
import { MessageReader, type FrontendMessage } from './message-reader';
import {
  type Batch,
  type SessionClient,
  type SessionIdentity,
  type SharedSession,
  StatementTimedOut,
} from './shared-session';
import { readStartupPacket } from './startup-packet';
import { StatementNames } from './statement-names';
import * as wire from './wire-messages';

/** What a connection needs to know of the bridge it came through. */
export interface ConnectionHost {
  readonly session: SharedSession;
  readonly serverVersion: string;
  findLogin(name: string): BridgeLogin | undefined;
  /** Sends notifications to every client. */
  broadcast(notifications: Buffer[]): void;
  /** The connection is gone. */
  forget(connection: ClientConnection): void;
}

/** One client of the bridge: sign-in, then batches run one after another in the shared session. */
export class ClientConnection implements SessionClient {
  identity: SessionIdentity = { login: '', searchPath: '' };
  private login: BridgeLogin | undefined;
  private phase: 'startup' | 'password' | 'ready' | 'closed' = 'startup';
  private readonly reader = new MessageReader();
  private readonly names: StatementNames;
  private collector: BatchCollector | null = null;
  private work: Promise<void> = Promise.resolve();
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly id: number,
    private readonly socket: Socket,
    private readonly host: ConnectionHost,
  ) {
    this.names = new StatementNames(id);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.end());
  }

  get statementTimeoutMs(): number {
    return this.login?.statementTimeoutMs ?? 0;
  }

  get loginName(): string {
    return this.identity.login;
  }

  /** Parse messages that would make this client's statements again. */
  get preparedStatements(): Buffer[] {
    return this.names.parseAll();
  }

  /** Resolves when nothing of this client is left in the session. */
  get settled(): Promise<void> {
    return this.work;
  }

  notify(notifications: Buffer[]): void {
    if (this.phase === 'ready') this.socket.write(Buffer.concat(notifications));
  }

  /** Tells the client why and hangs up. */
  terminate(code: string, message: string): void {
    if (this.phase === 'closed') return;
    this.socket.write(wire.errorResponse({ severity: 'FATAL', code, message }));
    this.socket.destroySoon();
    this.end();
  }

  private receive(chunk: Buffer): void {
    try {
      this.reader.push(chunk);
      while (this.phase === 'startup') {
        const packet = this.reader.nextStartup();
        if (!packet) return;
        this.start(packet);
      }
      for (let next = this.reader.next(); next; next = this.reader.next()) this.handle(next);
    } catch (error) {
      this.terminate('08P01', error instanceof Error ? error.message : 'protocol violation');
    }
  }

  private start(packet: Buffer): void {
    const code = packet.readInt32BE(0);
    if (code === wire.SSL_REQUEST || code === wire.GSS_REQUEST) {
      this.socket.write('N');
    } else if (code === wire.CANCEL_REQUEST) {
      this.socket.destroy();
      this.end();
    } else {
      const { user, searchPath } = readStartupPacket(packet);
      this.identity = { login: user, searchPath };
      this.phase = 'password';
      this.socket.write(wire.authenticationCleartextPassword());
    }
  }

  private handle(message: FrontendMessage): void {
    if (this.phase === 'closed') return;
    if (message.type === 'X') {
      this.socket.destroySoon();
      this.end();
    } else if (this.phase === 'password') {
      this.signIn(message);
    } else {
      const batch = this.collector?.add(message);
      if (batch) this.work = this.work.then(() => this.process(batch));
    }
  }

  private signIn(message: FrontendMessage): void {
    const login = this.host.findLogin(this.identity.login);
    const password = message.type === 'p' ? wire.readCString(message.bytes, 5).text : '';
    if (!login || !isSameSecret(password, login.password)) {
      this.terminate('28P01', `password authentication failed for user "${this.identity.login}"`);
      return;
    }
    this.login = login;
    this.collector = new BatchCollector(login.kind, this.names);
    this.phase = 'ready';
    this.socket.write(
      Buffer.concat([
        wire.authenticationOk(),
        wire.parameterStatus('server_version', this.host.serverVersion),
        wire.parameterStatus('server_encoding', 'UTF8'),
        wire.parameterStatus('client_encoding', 'UTF8'),
        wire.parameterStatus('DateStyle', 'ISO, MDY'),
        wire.parameterStatus('TimeZone', 'UTC'),
        wire.parameterStatus('integer_datetimes', 'on'),
        wire.parameterStatus('standard_conforming_strings', 'on'),
        wire.backendKeyData(this.id),
        wire.readyForQuery('I'),
      ]),
    );
  }

  private async process(batch: CollectedBatch): Promise<void> {
    if (this.phase === 'closed') return;
    clearTimeout(this.idleTimer);
    try {
      if ('refusal' in batch) await this.refuse('42501', batch.refusal);
      else await this.execute(batch);
    } catch (error) {
      if (error instanceof StatementTimedOut) this.terminate('57014', error.message);
      else this.terminate('57P02', 'the embedded database was restarted');
    }
  }

  private async execute(batch: Batch): Promise<void> {
    const { session } = this.host;
    await session.enter(this);
    if (this.isClosed) return; // while it waited; `end` gives the session back
    if (batch.continuesUnnamed && !session.hasUnnamedOf(this)) {
      await this.refuse('26000', 'unnamed prepared statement does not exist');
      return;
    }
    const { forClient, notifications, status } = await session.run(this, batch);
    if (notifications.length > 0) this.host.broadcast(notifications);
    if (this.isClosed) return;
    this.socket.write(forClient);
    if (status !== 'I') this.watchIdleTransaction();
  }

  /** A refused batch fails the transaction it came in, as a failed statement does. */
  private async refuse(code: string, message: string): Promise<void> {
    const { session } = this.host;
    const isInTransaction = await session.fail(this);
    const error = wire.errorResponse({ severity: 'ERROR', code, message });
    this.socket.write(Buffer.concat([error, wire.readyForQuery(isInTransaction ? 'E' : 'I')]));
    if (isInTransaction) this.watchIdleTransaction();
  }

  private watchIdleTransaction(): void {
    this.idleTimer = setTimeout(
      () => this.terminate('25P03', 'terminating connection due to idle-in-transaction timeout'),
      this.login?.idleInTransactionTimeoutMs,
    );
  }

  /** Read through a getter: it changes while this waits. */
  private get isClosed(): boolean {
    return this.phase === 'closed';
  }

  private end(): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    clearTimeout(this.idleTimer);
    this.work = this.work.then(() => this.leave());
  }

  private async leave(): Promise<void> {
    const cleanUp = this.names.isEmpty ? null : Buffer.concat([...this.names.closeAll(), wire.sync()]);
    await this.host.session.leave(this, cleanUp);
    this.host.forget(this);
  }
}
