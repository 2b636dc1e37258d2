import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeLogin } from './bridge-login';
import { ClientConnection, type ConnectionHost } from './client-connection';
import { Engine } from './engine';
import { SharedSession } from './shared-session';

/** The port in the socket's name, `.s.PGSQL.<port>`; nothing listens on a network. */
export const SOCKET_PORT = 5432;

/**
 * Speaks PostgreSQL's wire protocol on a unix socket in a private folder and lends the embedded engine's one session to
 * its clients. What plain `pg` clients may rely on: transactions of one client never mix with another's, a login has its
 * own privileges and nobody else's, and an error or a lost client leaves nothing behind.
 */
export class Bridge implements ConnectionHost {
  readonly session: SharedSession;
  private readonly logins = new Map<string, BridgeLogin>();
  private readonly connections = new Set<ClientConnection>();
  private server: Server | null = null;
  private folder = '';
  private accepted = 0;

  constructor(private readonly engine: Engine) {
    this.session = new SharedSession(engine, () => this.restorePreparedStatements());
  }

  get serverVersion(): string {
    return this.engine.serverVersion;
  }

  /** Folder of the socket, only readable by the user who runs the process. */
  get socketFolder(): string {
    return this.folder;
  }

  async listen(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'customercare-'));
    await chmod(this.folder, 0o700);
    const server = createServer((socket) => {
      this.accepted += 1;
      this.connections.add(new ClientConnection(this.accepted, socket, this));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(join(this.folder, `.s.PGSQL.${SOCKET_PORT}`), resolve);
    });
    this.server = server;
  }

  allow(login: BridgeLogin): void {
    this.logins.set(login.name, login);
  }

  /** Shuts a login out and hangs up on its clients. */
  async revoke(name: string): Promise<void> {
    this.logins.delete(name);
    await this.hangUp((connection) => connection.loginName === name);
  }

  findLogin(name: string): BridgeLogin | undefined {
    return this.logins.get(name);
  }

  broadcast(notifications: Buffer[]): void {
    for (const connection of this.connections) connection.notify(notifications);
  }

  forget(connection: ClientConnection): void {
    this.connections.delete(connection);
  }

  /** Hangs up on everybody. The engine is left running. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    await this.hangUp(() => true);
    await closed;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async hangUp(isConcerned: (connection: ClientConnection) => boolean): Promise<void> {
    const concerned = [...this.connections].filter(isConcerned);
    concerned.forEach((connection) => connection.terminate('57P01', 'terminating connection: the database shuts down'));
    await Promise.all(concerned.map((connection) => connection.settled));
  }

  /** After a restart of the engine nobody but the client whose statement was stopped shall notice. */
  private async restorePreparedStatements(): Promise<void> {
    for (const connection of this.connections) {
      await this.session.restore(connection, connection.preparedStatements);
    }
  }
}
