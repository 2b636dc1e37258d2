/** Names of fields that hold a secret wherever they turn up. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'deviceToken',
  'deviceCode',
  'visitorToken',
  'resumeToken',
  'identityToken',
  'embedKey',
  'apiKey',
  '["x-goog-api-key"]',
  '["idempotency-key"]',
  'secret',
  'secretKey',
  'jwtSecret',
  'encryptionKey',
  'redisUrl',
  'ownerUrl',
];

/** pino matches a path as deep as it is written: at the top and down to three levels. */
const DEPTHS = ['', '*', '*.*', '*.*.*'];

const join = (depth: string, name: string): string =>
  depth === '' || name.startsWith('[') ? depth + name : `${depth}.${name}`;

/** The last line of defence. The first is that nobody logs a request, a body or a configuration. */
export const REDACTED_PATHS: readonly string[] = DEPTHS.flatMap((depth) =>
  SECRET_FIELDS.map((name) => join(depth, name)),
);
