import { type AppConfig, loadConfig } from '@app/config';
import { randomBytes } from 'node:crypto';

const secret = (): string => randomBytes(32).toString('base64');

/** The product's defaults with fresh random secrets, and request limits no test meets by accident; `env` on top. */
export const configForTests = (env: Record<string, string> = {}): AppConfig =>
  loadConfig({
    SECRET_KEY: secret(),
    JWT_SECRET: secret(),
    ENCRYPTION_KEY: secret(),
    LIMIT_REQUESTS_PER_MINUTE: '100000',
    LIMIT_AUTH_REQUESTS_PER_MINUTE: '100000',
    ...env,
  });
