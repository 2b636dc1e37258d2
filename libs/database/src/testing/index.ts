export { seedWorkspace } from './seed-workspace';
export { copyEmbeddedTemplate } from './embedded-template';
export { inspectDataFolder } from './inspect-data-folder';
export { createTestDatabase } from './create-test-database';
export { type CreateDatabase, describeDatabase, describeDatabases } from './describe-databases';
export { type DatabaseKind, TestDatabase, type TestDatabaseOptions } from './test-database';
export { TlsServer, whyNoTlsServer } from './tls-server';
