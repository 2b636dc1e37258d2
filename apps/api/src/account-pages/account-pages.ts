import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Where mailed links lead, and what those pages load; files of this folder. */
const FILES = [
  { path: '/account/confirm', file: 'confirm.html', type: 'text/html' },
  { path: '/account/reset-password', file: 'reset-password.html', type: 'text/html' },
  { path: '/account/invitation', file: 'invitation.html', type: 'text/html' },
  { path: '/account/account.js', file: 'account.js', type: 'text/javascript' },
  { path: '/account/account.css', file: 'account.css', type: 'text/css' },
] as const;

/** The pages load their own script and style sheet and talk to the api. Nobody may frame them, and no form leaves. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the pages behind the links of mails: to confirm an address, to choose a password and to accept an invitation.
 * They are the same for everybody and hold no secret: the token stays in the link's fragment, which no server sees.
 */
export function serveAccountPages(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  for (const { path, file, type } of FILES) {
    const content = readFileSync(join(__dirname, file), 'utf8');
    server.get(path, (_request, reply) => reply.headers(HEADERS).type(`${type}; charset=utf-8`).send(content));
  }
}
