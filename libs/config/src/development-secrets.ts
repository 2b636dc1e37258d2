import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { decodeSecret, MIN_SECRET_BYTES } from './secret-strength';

export const SECRET_NAMES = ['SECRET_KEY', 'JWT_SECRET', 'ENCRYPTION_KEY'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** Only this user may read the file. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/**
 * The secrets of a machine that was given none: random at the first start, then kept in one file (mode 0600), so that
 * sessions and encrypted data survive a restart. Never used in production.
 */
export class DevelopmentSecrets {
  constructor(private readonly path: string) {}

  /**
   * The kept secrets, in base64; makes them when there are none. Two processes starting at once get the same ones.
   *
   * @throws Error that names the file, when it is there and cannot be used
   */
  load(): Record<SecretName, string> {
    return this.read() ?? this.create();
  }

  private read(): Record<SecretName, string> | null {
    let content: string;
    try {
      content = readFileSync(this.path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw new Error(`The development secrets in ${this.path} cannot be read`, { cause: error });
    }
    chmodSync(this.path, FILE_MODE);
    return this.parse(content);
  }

  private parse(content: string): Record<SecretName, string> {
    try {
      const parsed: unknown = JSON.parse(content);
      const secret = (name: SecretName): string => {
        const value: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
        if (typeof value === 'string' && decodeSecret(value).length >= MIN_SECRET_BYTES) return value;
        throw new Error(`${name} is missing`);
      };
      return {
        SECRET_KEY: secret('SECRET_KEY'),
        JWT_SECRET: secret('JWT_SECRET'),
        ENCRYPTION_KEY: secret('ENCRYPTION_KEY'),
      };
    } catch {
      // No cause: a JSON error quotes what it could not read.
      throw new Error(`The development secrets in ${this.path} are damaged; without them stored data cannot be read`);
    }
  }

  /** Written aside and linked into place: the name appears with the whole content, and only if nobody was faster. */
  private create(): Record<SecretName, string> {
    mkdirSync(dirname(this.path), { recursive: true, mode: FOLDER_MODE });
    const secret = (): string => randomBytes(MIN_SECRET_BYTES).toString('base64');
    const secrets = { SECRET_KEY: secret(), JWT_SECRET: secret(), ENCRYPTION_KEY: secret() };
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: FILE_MODE });
    try {
      linkSync(draft, this.path);
      return secrets;
    } catch (error) {
      const kept = this.read();
      if (kept === null) throw error;
      return kept;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}
