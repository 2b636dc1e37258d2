export { copyEmbeddedTemplate } from './embedded-template';
export { createTestDatabase } from './create-test-database';
export { type CreateDatabase, describeDatabases } from './describe-databases';
export { type DatabaseKind, TestDatabase, type TestDatabaseOptions } from './test-database';
export { TlsServer, whyNoTlsServer } from './tls-server';
