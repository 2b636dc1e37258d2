export { HealthModule, type HealthOptions } from './health/health.module';
export { ReadinessCheck } from './health/readiness-check';
export { LogsModule, useJsonLogs } from './logs/logs.module';
