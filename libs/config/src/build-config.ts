import { join, resolve } from 'node:path';

import type {
  AppConfig,
  BudgetsConfig,
  DocumentsConfig,
  LimitsConfig,
  LogsConfig,
  MailConfig,
  OidcConfig,
  S3Config,
  SecretsConfig,
  ServerConfig,
  TokensConfig,
} from './app-config';
import { isNearHost } from './near-host';
import type { SettingsRead } from './read-settings';
import { SecretFile } from './secret-file';
import type { SettingName, SettingValues } from './settings';
import { readTokenSigning } from './token-signing';

/** Where the kept secrets of a development machine are. */
export const secretsPath = (values: SettingValues): string => join(resolve(values.DATA_DIR), 'secrets.json');

/** The typed groups, from settings that were found to be good. */
export function buildConfig(read: SettingsRead, secrets: SecretsConfig): AppConfig {
  const { values, isSet } = read;
  const { GEMINI_API_KEY, GEMINI_BASE_URL, GEMINI_MODEL } = values;
  return {
    environment: values.ENVIRONMENT,
    testClockFile: values.TEST_CLOCK_FILE,
    server: server(read),
    database: {
      url: verified(values.DATABASE_URL),
      ownerUrl: verified(values.DATABASE_OWNER_URL),
      poolSize: values.DATABASE_POOL_SIZE,
    },
    cache: { redisUrl: values.REDIS_URL, prefix: values.REDIS_PREFIX },
    secrets,
    tokens: tokens(values),
    passwords: { memoryKib: values.PASSWORD_HASH_MEMORY_KIB, passes: values.PASSWORD_HASH_PASSES },
    mail: mail(values),
    oidc: oidc(values),
    documents: documents(values),
    webFetch: {
      testEndpoints: values.WEB_FETCH_TEST_ENDPOINTS,
      testNameServer: values.WEB_FETCH_TEST_DNS,
      testPauseMs: values.WEB_FETCH_TEST_PAUSE_MS,
    },
    answers: {
      gemini:
        GEMINI_API_KEY === null
          ? null
          : {
              apiKey: rotating(read, 'GEMINI_API_KEY', GEMINI_API_KEY),
              baseUrl: GEMINI_BASE_URL.replace(/\/+$/, ''),
              model: GEMINI_MODEL,
            },
      timeoutSeconds: values.ANSWER_TIMEOUT,
    },
    challenges: {
      sessionsPerIp: values.CHALLENGE_SESSIONS_PER_IP,
      sessionsPerEmbed: values.CHALLENGE_SESSIONS_PER_EMBED,
    },
    limits: limits(values),
    budgets: budgets(values),
    audit: {
      anchorFile: resolve(values.AUDIT_ANCHOR_FILE ?? join(values.DATA_DIR, 'audit-anchors.jsonl')),
      anchorIntervalSeconds: values.AUDIT_ANCHOR_INTERVAL,
    },
    logs: { level: isSet('LOG_LEVEL') ? values.LOG_LEVEL : quietest(values) },
  };
}

/** A person at a terminal wants to see what went wrong; an operator's log collector wants everything. */
function quietest({ DEBUG, ENVIRONMENT, LOG_LEVEL }: SettingValues): LogsConfig['level'] {
  if (DEBUG) return 'debug';
  return ENVIRONMENT === 'development' ? 'warn' : LOG_LEVEL;
}

function server({ values, isSet }: SettingsRead): ServerConfig {
  const isProduction = values.ENVIRONMENT === 'production';
  const [firstHost] = values.ALLOWED_HOSTS;
  const derivedUrl = isProduction && firstHost !== undefined ? `https://${firstHost}` : null;
  const publicUrl = values.PUBLIC_URL ?? derivedUrl;
  const derivedHosts = isProduction && publicUrl !== null ? [new URL(publicUrl).host] : [];
  return {
    host: values.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    isPortFixed: isSet('PORT'),
    demoPort: isProduction || !values.DEMO ? null : values.DEMO_PORT,
    publicUrl,
    trustProxy: values.TRUST_PROXY,
    allowedHosts: values.ALLOWED_HOSTS.length > 0 ? values.ALLOWED_HOSTS : derivedHosts,
    corsOrigins: values.CORS_ORIGINS,
    hasHstsPreload: values.HSTS_PRELOAD,
    dataDir: resolve(values.DATA_DIR),
    hasApiDocs: !isProduction,
    hasInlineWorker: values.INLINE_WORKER,
  };
}

/** `require` means verify-full: a certificate nobody checks protects from nobody. */
const verified = (address: string | null): string | null =>
  address?.replace(/([?&]sslmode=)require(?=&|$)/, '$1verify-full') ?? null;

const tokens = (values: SettingValues): TokensConfig => ({
  issuer: `customercare-${values.ENVIRONMENT}`,
  signing: readTokenSigning(values),
  accessTtlSeconds: values.JWT_ACCESS_TTL,
  refreshIdleTtlSeconds: values.JWT_REFRESH_TTL,
  refreshAbsoluteTtlSeconds: values.SESSION_MAX_TTL,
  visitorTtlSeconds: values.VISITOR_TOKEN_TTL,
  resumeTtlSeconds: values.VISITOR_RESUME_TTL,
});

const mail = ({ SMTP_URL, MAIL_FROM }: SettingValues): MailConfig => ({
  smtpUrl: SMTP_URL,
  from: MAIL_FROM,
  allowsPlainText: SMTP_URL !== null && isNearHost(new URL(SMTP_URL).hostname),
});

function oidc(values: SettingValues): OidcConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = values;
  if (issuer === null || clientId === null || clientSecret === null) return null;
  const { OIDC_NAME: name, OIDC_SIGN_UP: hasSignUp, OIDC_RETURN_PATH: returnPath } = values;
  return { issuer, clientId, clientSecret, name, hasSignUp, returnPath };
}

const documents = (values: SettingValues): DocumentsConfig => ({
  maxFileBytes: values.UPLOAD_MAX_FILE_BYTES,
  maxArchiveBytes: values.UPLOAD_MAX_ARCHIVE_BYTES,
  maxDocuments: values.QUOTA_DOCUMENTS,
  maxStoredBytes: values.QUOTA_DOCUMENT_BYTES,
  s3: s3(values),
  clamd: values.CLAMD_HOST === null ? null : { host: values.CLAMD_HOST, port: values.CLAMD_PORT },
  concurrency: values.DOCUMENT_CONCURRENCY,
  parseTimeoutSeconds: values.DOCUMENT_PARSE_TIMEOUT,
  parseMaxRssBytes: values.DOCUMENT_PARSE_MAX_RSS_BYTES,
});

function s3(values: SettingValues): S3Config | null {
  const { BLOBS_S3_ENDPOINT: endpoint, BLOBS_S3_BUCKET: bucket } = values;
  const { BLOBS_S3_ACCESS_KEY_ID: accessKeyId, BLOBS_S3_SECRET_ACCESS_KEY: secretAccessKey } = values;
  if (endpoint === null || bucket === null || accessKeyId === null || secretAccessKey === null) return null;
  return {
    ...{ endpoint, bucket, accessKeyId, secretAccessKey },
    region: values.BLOBS_S3_REGION,
    prefix: values.BLOBS_S3_PREFIX,
    isPathStyle: values.BLOBS_S3_PATH_STYLE,
    hasChecksums: values.BLOBS_S3_CHECKSUMS,
  };
}

const limits = (values: SettingValues): LimitsConfig => ({
  requestsPerMinute: values.LIMIT_REQUESTS_PER_MINUTE,
  authRequestsPerMinute: values.LIMIT_AUTH_REQUESTS_PER_MINUTE,
  embedSessionsPerMinute: values.LIMIT_EMBED_SESSIONS_PER_MINUTE,
  embedSessionsPerHour: values.LIMIT_EMBED_SESSIONS_PER_HOUR,
  messages: {
    visitor: { perMinute: values.LIMIT_MESSAGES_PER_MINUTE, perHour: values.LIMIT_MESSAGES_PER_HOUR },
    ip: { perMinute: values.LIMIT_IP_MESSAGES_PER_MINUTE, perHour: values.LIMIT_IP_MESSAGES_PER_HOUR },
    embed: { perMinute: values.LIMIT_EMBED_MESSAGES_PER_MINUTE, perHour: values.LIMIT_EMBED_MESSAGES_PER_HOUR },
    workspace: {
      perMinute: values.LIMIT_WORKSPACE_MESSAGES_PER_MINUTE,
      perHour: values.LIMIT_WORKSPACE_MESSAGES_PER_HOUR,
    },
  },
  socketsPerVisitor: values.LIMIT_SOCKETS_PER_VISITOR,
  socketsPerIp: values.LIMIT_SOCKETS_PER_IP,
});

const budgets = (values: SettingValues): BudgetsConfig => ({
  tokensPerDay: values.BUDGET_TOKENS_PER_DAY,
  tokensPerMonth: values.BUDGET_TOKENS_PER_MONTH,
  costMicrosPerDay: values.BUDGET_COST_MICROS_PER_DAY,
  costMicrosPerMonth: values.BUDGET_COST_MICROS_PER_MONTH,
  modelCallsPerDay: values.BUDGET_MODEL_CALLS_PER_DAY,
  modelCallsPerMonth: values.BUDGET_MODEL_CALLS_PER_MONTH,
  visitorTokensPerDay: values.BUDGET_VISITOR_TOKENS_PER_DAY,
  prices: values.MODEL_PRICES,
});

/** A secret whose file is read again when it changes, or one that stays as it was given. */
function rotating(read: SettingsRead, name: SettingName, text: string): () => string {
  const path = read.fileOf(name);
  if (path === null) return () => text;
  const file = new SecretFile(path, text);
  return () => file.current();
}
