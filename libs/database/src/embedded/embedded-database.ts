import { join } from 'node:path';
import type { DatabaseConnection } from '../database-access';
import { DatabaseStartError } from '../database-start-error';
import { Bridge, SOCKET_PORT } from './bridge';
import type { BridgeLogin } from './bridge-login';
import { DataFolderLock } from './data-folder-lock';
import { Engine } from './engine';
import { Housekeeping } from './housekeeping';

/** The engine's only database has this name. */
const DATABASE_NAME = 'postgres';

/** The database inside this process: the folder's lock, the engine and the bridge in front of it. */
export class EmbeddedDatabase {
  private constructor(
    private readonly lock: DataFolderLock,
    private readonly engine: Engine,
    private readonly bridge: Bridge,
    private readonly housekeeping: Housekeeping,
  ) {}

  /**
   * Opens (and on the first start creates) the database under `dataDir`. Nobody may sign in until `allow`.
   *
   * @throws DatabaseStartError when the folder is in use or the engine cannot open it
   */
  static async open(dataDir: string): Promise<EmbeddedDatabase> {
    const lock = DataFolderLock.take(dataDir);
    const engine = new Engine(join(dataDir, 'database'));
    const bridge = new Bridge(engine);
    try {
      await engine.start();
      await bridge.listen();
      lock.noteSocketFolder(bridge.socketFolder);
      const housekeeping = new Housekeeping(bridge.session);
      housekeeping.start();
      return new EmbeddedDatabase(lock, engine, bridge, housekeeping);
    } catch (error) {
      await engine.kill();
      lock.release();
      throw new DatabaseStartError(`The embedded database in ${dataDir} could not be opened`, error);
    }
  }

  /** Lets a login in and says how to connect as it. */
  allow(login: BridgeLogin): DatabaseConnection {
    this.bridge.allow(login);
    return {
      host: this.bridge.socketFolder,
      port: SOCKET_PORT,
      database: DATABASE_NAME,
      user: login.name,
      password: login.password,
    };
  }

  /** Shuts a login out and hangs up on its clients. */
  async revoke(loginName: string): Promise<void> {
    await this.bridge.revoke(loginName);
  }

  async close(): Promise<void> {
    await this.bridge.close();
    await this.housekeeping.stop();
    await this.engine.close();
    this.lock.release();
  }
}
