export type {
  AnswersConfig,
  AppConfig,
  AuditConfig,
  BudgetsConfig,
  CacheConfig,
  DatabaseConfig,
  DocumentsConfig,
  LimitsConfig,
  LogsConfig,
  MailConfig,
  MessageRate,
  OidcConfig,
  S3Config,
  SecretsConfig,
  ServerConfig,
  TokensConfig,
  TokenSigning,
} from './app-config';
export { ConfigError, type ConfigFault } from './config-error';
export { envExample } from './env-example';
export { loadConfig } from './load-config';
