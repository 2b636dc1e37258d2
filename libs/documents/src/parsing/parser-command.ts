import { type ApplicationFolders, applicationFolders } from './application-folders';
import { permissionFlags } from './node-permissions';
import { nodeProgramFiles } from './node-program';
import { probeWalls } from './probe-walls';
import { commandWithin, type WalledProcess, type WallsInForce } from './walls';

const HEAP_MB = 256;
/** Loads a package and looks at the code, as the parsers do, and ends. */
const TRIAL = `require(process.argv[1]); require('node:fs').accessSync(process.argv[2]);`;

export interface ParserCommandOptions {
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly cpuSeconds?: number;
  readonly walls?: WallsInForce;
}

/** The command line of the parsers' process, within the strongest walls that work here. */
export class ParserCommand {
  private readonly application: ApplicationFolders;
  private probe: Promise<WallsInForce> | undefined;
  private programFiles: Promise<string[]> | undefined;

  constructor(private readonly options: ParserCommandOptions) {
    this.application = applicationFolders(options.entry);
  }

  get walls(): Promise<WallsInForce> {
    this.probe ??= this.options.walls ? Promise.resolve(this.options.walls) : this.tryOut();
    return this.probe;
  }

  async lineFor(formatName: string): Promise<[string, string[]]> {
    const { entry } = this.options;
    return commandWithin(await this.walls, await this.node([entry, formatName]));
  }

  private async tryOut(): Promise<WallsInForce> {
    return probeWalls(await this.node(['--eval', TRIAL, this.application.aPackage, this.options.entry]));
  }

  private async node(args: readonly string[]): Promise<WalledProcess> {
    const { cpuSeconds, timeoutSeconds } = this.options;
    // Where it cannot be told what Node needs, bubblewrap's trial fails and the next walls are taken.
    this.programFiles ??= nodeProgramFiles().catch(() => []);
    return {
      program: process.execPath,
      args: [`--max-old-space-size=${HEAP_MB}`, ...permissionFlags(this.application), ...args],
      readable: [...(await this.programFiles), ...this.application.folders, ...this.application.files],
      cpuSeconds: cpuSeconds ?? timeoutSeconds,
    };
  }
}
