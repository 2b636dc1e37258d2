import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The account, workspace and embed made at the first start. */
export interface FirstAdmin {
  email: string;
  password: string;
  userId: string;
  workspaceId: string;
  embed: { id: string; key: string } | null;
}

/** Keeps the first admin in the data folder, readable by its owner alone. */
export class FirstAdminFile {
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'first-admin.json');
  }

  read(): FirstAdmin | null {
    // Written by this class alone.
    return existsSync(this.path) ? (JSON.parse(readFileSync(this.path, 'utf8')) as FirstAdmin) : null;
  }

  write(admin: FirstAdmin): void {
    const next = `${this.path}.next`;
    writeFileSync(next, `${JSON.stringify(admin, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, this.path);
  }
}

/** Four groups of random letters and digits: easy to copy, 96 bits. */
export function firstPassword(): string {
  const groups = randomBytes(12).toString('hex').match(/.{6}/g) ?? [];
  return `Cc-${groups.join('-')}`;
}
