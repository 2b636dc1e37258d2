import { loadConfig } from '@app/config';
import { migrate } from './migrate';

const COMMANDS: Record<string, typeof migrate> = { migrate };

async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const command = COMMANDS[name];
  if (!command) throw new Error(`Commands: ${Object.keys(COMMANDS).join(', ')}`);
  process.stdout.write(`${await command(loadConfig(process.env))}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
