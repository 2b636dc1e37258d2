import 'reflect-metadata';
import { ConfigError, loadConfig } from '@app/config';
import { auditVerify } from './audit-verify';
import type { Command } from './command';
import { migrate } from './migrate';
import { rotateKeys } from './rotate-keys';
import { restoreUser, suspendUser } from './suspend-user';
import { restoreWorkspace, suspendWorkspace } from './suspend-workspace';

const COMMANDS: Record<string, Command> = {
  migrate,
  'keys:rotate': rotateKeys,
  'audit:verify': auditVerify,
  'users:suspend': suspendUser,
  'users:restore': restoreUser,
  'workspaces:suspend': suspendWorkspace,
  'workspaces:restore': restoreWorkspace,
};

async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const command = COMMANDS[name];
  if (!command) throw new Error(`Commands: ${Object.keys(COMMANDS).join(', ')}`);
  const result = await command(loadConfig(process.env), process.argv.slice(3));
  const { text, exitCode } = typeof result === 'string' ? { text: result, exitCode: 0 } : result;
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? ConfigError.exitCode : 1;
});
