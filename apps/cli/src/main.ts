import { type AppConfig, ConfigError, loadConfig } from '@app/config';
import { migrate } from './migrate';
import { rotateKeys } from './rotate-keys';

/** Resolves what is printed at the end; `args` are the words after the command's name. */
type Command = (config: AppConfig, args: readonly string[]) => Promise<string>;

const COMMANDS: Record<string, Command> = { migrate, 'keys:rotate': rotateKeys };

async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const command = COMMANDS[name];
  if (!command) throw new Error(`Commands: ${Object.keys(COMMANDS).join(', ')}`);
  process.stdout.write(`${await command(loadConfig(process.env), process.argv.slice(3))}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? ConfigError.exitCode : 1;
});
