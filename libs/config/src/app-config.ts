import type { KeyObject } from 'node:crypto';
import type { ModelPrice } from './model-prices';

/** What the product was told at its start: validated whole, read once, injected by group. */
export interface AppConfig {
  readonly environment: 'development' | 'test' | 'production';
  /** File that says by how many seconds the clock is ahead of the machine's; always null in production. */
  readonly testClockFile: string | null;
  readonly server: ServerConfig;
  readonly database: DatabaseConfig;
  readonly cache: CacheConfig;
  readonly secrets: SecretsConfig;
  readonly tokens: TokensConfig;
  readonly passwords: { readonly memoryKib: number; readonly passes: number };
  readonly mail: MailConfig;
  /** null means that people sign in with e-mail and password only. */
  readonly oidc: OidcConfig | null;
  readonly documents: DocumentsConfig;
  readonly webFetch: WebFetchConfig;
  readonly answers: AnswersConfig;
  readonly challenges: ChallengesConfig;
  readonly limits: LimitsConfig;
  readonly budgets: BudgetsConfig;
  readonly audit: AuditConfig;
  readonly logs: LogsConfig;
}

export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Whether `port` was chosen by the operator; if not, a free one may be taken in development. */
  readonly isPortFixed: boolean;
  /** The demo page's own port; null switches the demo off (always in production). */
  readonly demoPort: number | null;
  /** How browsers reach the api, without a trailing slash; null means `http://localhost:<port>`. */
  readonly publicUrl: string | null;
  /** Hop count or CIDR list of trusted proxies; 0 trusts none. */
  readonly trustProxy: number | string[];
  /** Host header values served; empty means loopback names only in development. */
  readonly allowedHosts: string[];
  /** Origins of browser applications that may call the REST api. */
  readonly corsOrigins: string[];
  /** Whether HSTS asks for the browsers' preload list (production only). */
  readonly hasHstsPreload: boolean;
  /** Folder for everything that must survive a restart. */
  readonly dataDir: string;
  readonly hasApiDocs: boolean;
  /** Run background jobs inside the api process. */
  readonly hasInlineWorker: boolean;
}

export interface DatabaseConfig {
  /** null means the embedded database in `dataDir`. */
  readonly url: string | null;
  /** Login that may migrate and create roles; null means migrations were run beforehand, or `url` may do both (development). */
  readonly ownerUrl: string | null;
  readonly poolSize: number;
}

export interface CacheConfig {
  /** null means the in-process store. */
  readonly redisUrl: string | null;
  /** Starts every key and channel, so that several installations can share one Redis. */
  readonly prefix: string;
}

export interface SecretsConfig {
  /** Each at least 32 bytes. Development generates and keeps them in `dataDir`. */
  readonly secretKey: Buffer;
  readonly jwtSecret: Buffer;
  /** At least one; the first encrypts, all decrypt. Keys have exactly 32 bytes. */
  readonly encryptionKeys: readonly { readonly kid: string; readonly key: Buffer }[];
}

/** What signs access tokens. Tokens of the other algorithms are refused. */
export type TokenSigning =
  | { readonly alg: 'HS256' }
  | {
      readonly alg: 'RS256';
      readonly privateKey: KeyObject;
      /** Public keys that still verify. */
      readonly previousKeys: readonly KeyObject[];
    };

export interface TokensConfig {
  readonly issuer: string;
  readonly signing: TokenSigning;
  readonly accessTtlSeconds: number;
  readonly refreshIdleTtlSeconds: number;
  readonly refreshAbsoluteTtlSeconds: number;
  readonly visitorTtlSeconds: number;
  readonly resumeTtlSeconds: number;
}

export interface MailConfig {
  /** null means mails are written to the terminal (never in production). */
  readonly smtpUrl: string | null;
  readonly from: string;
  /** Whether the server is so near that it need not encrypt: this machine, or a neighbour in a container network. */
  readonly allowsPlainText: boolean;
}

/** Another provider that tells who somebody is (OpenID Connect). */
export interface OidcConfig {
  /** https in production. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** For people. */
  readonly name: string;
  /** Whether somebody nobody knows gets an account. */
  readonly hasSignUp: boolean;
  /** Below the public URL; where a browser comes back to. */
  readonly returnPath: string;
}

/** A store that speaks S3, for the bytes of uploaded files. */
export interface S3Config {
  /** Scheme, host and port; https in production. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before every key, without a slash at either end; never empty. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the bucket is named in the path; otherwise in the host name. */
  readonly isPathStyle: boolean;
  /** Whether the store knows checksums (CRC32) beside the signed hash of the body. */
  readonly hasChecksums: boolean;
}

export interface DocumentsConfig {
  readonly maxFileBytes: number;
  /** Of a ZIP of many files. */
  readonly maxArchiveBytes: number;
  /** A workspace's. */
  readonly maxDocuments: number;
  /** A workspace's, over all versions. */
  readonly maxStoredBytes: number;
  /** null means that the data folder keeps uploaded files. */
  readonly s3: S3Config | null;
  /** null means the built-in patterns alone. */
  readonly clamd: { readonly host: string; readonly port: number } | null;
  /** Documents processed at the same time by one worker. */
  readonly concurrency: number;
  readonly parseTimeoutSeconds: number;
  readonly parseMaxRssBytes: number;
}

/** How pages of the web are read: exceptions for tests, none in production. */
interface WebFetchConfig {
  /** `address:port` that may be read from besides the internet. */
  readonly testEndpoints: readonly string[];
  /** `address:port` of the name server to ask; null means those of the machine. */
  readonly testNameServer: string | null;
  /** Between two requests to a site; null means the crawler's own. */
  readonly testPauseMs: number | null;
}

export interface AnswersConfig {
  /** null means the offline extractive provider. */
  readonly gemini: {
    /** The key to use now: that of a file may be exchanged while the product runs. */
    readonly apiKey: () => string;
    readonly baseUrl: string;
    readonly model: string;
  } | null;
  readonly timeoutSeconds: number;
}

/** How many new visitor sessions in ten minutes are nothing unusual. */
interface ChallengesConfig {
  readonly sessionsPerIp: number;
  readonly sessionsPerEmbed: number;
}

export interface MessageRate {
  readonly perMinute: number;
  readonly perHour: number;
}

export interface LimitsConfig {
  /** Requests per minute and client address, over all routes. */
  readonly requestsPerMinute: number;
  /** Sign-in, registration and refresh requests per minute and client address. */
  readonly authRequestsPerMinute: number;
  /** New visitor sessions per minute and client address. */
  readonly embedSessionsPerMinute: number;
  /** New visitor sessions per hour and client address. */
  readonly embedSessionsPerHour: number;
  /** Visitors' messages, counted on four axes; an address is counted for each workspace by itself. */
  readonly messages: {
    readonly visitor: MessageRate;
    readonly ip: MessageRate;
    readonly embed: MessageRate;
    readonly workspace: MessageRate;
  };
  readonly socketsPerVisitor: number;
  readonly socketsPerIp: number;
}

/** What a workspace may spend on models; null means as much as it likes. */
export interface BudgetsConfig {
  readonly tokensPerDay: number | null;
  readonly tokensPerMonth: number | null;
  readonly costMicrosPerDay: number | null;
  readonly costMicrosPerMonth: number | null;
  readonly modelCallsPerDay: number | null;
  readonly modelCallsPerMonth: number | null;
  /** Of one visitor. */
  readonly visitorTokensPerDay: number;
  /** By the model's name; a model that is not there costs nothing. */
  readonly prices: ReadonlyMap<string, ModelPrice>;
}

export interface AuditConfig {
  /** Where the ends of the audit trail's chains are noted outside the database. */
  readonly anchorFile: string;
  readonly anchorIntervalSeconds: number;
}

export interface LogsConfig {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}
