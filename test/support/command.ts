import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './product';
import type { Stack } from './stack';

/** One run of the built command line, as an operator would run it. */
export class Command {
  private text = '';
  private readonly exit: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    const collect = (chunk: Buffer): void => void (this.text += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.exit = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /** With the settings and the data folder of `stack`. */
  static start(stack: Stack, ...args: string[]): Command {
    const { PATH, HOME } = process.env;
    const main = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');
    const env = { PATH, HOME, DATA_DIR: stack.dataDir, ...stack.env };
    return new Command(spawn(process.execPath, [main, ...args], { cwd: projectRoot, env }));
  }

  /** Waits for its end. */
  static async run(stack: Stack, ...args: string[]): Promise<{ code: number | null; output: string }> {
    const command = Command.start(stack, ...args);
    return { code: await command.exit, output: command.text };
  }

  /** kill -9 as soon as it has printed something, or has ended. */
  async killWhenItSpeaks(): Promise<void> {
    this.child.stdout?.once('data', () => this.child.kill('SIGKILL'));
    await this.exit;
  }
}
