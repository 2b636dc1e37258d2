import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { connectApplication, openDatabase } from '../open-database';
import { openEmbedded } from '../open-embedded';
import { applicationLoginName } from '../provision/application-login';
import { withClient } from '../provision/prepare-database';
import { copyEmbeddedTemplate } from './embedded-template';
import { postgresUrl } from './postgres-url';
import { type DatabaseKind, TestDatabase, type TestDatabaseOptions } from './test-database';

const POOL_SIZE = 4;
const PREFIX = 'customercare_test_';
const ABANDONED_AFTER_SECONDS = 3_600;

/** A fresh database with every migration applied: the embedded one in a temporary folder, or one on the test server. */
export function createTestDatabase(kind: DatabaseKind, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return kind === 'embedded' ? createEmbedded(options) : createOnServer(options);
}

async function createEmbedded({
  entities = [],
  ownerSteps = [],
  poolSize = POOL_SIZE,
}: TestDatabaseOptions): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
  const dataDir = join(folder, 'data');
  await copyEmbeddedTemplate(dataDir);
  const access = await openEmbedded(dataDir, ownerSteps);
  const database = await connectApplication(access, poolSize, entities);
  return new TestDatabase(database, access.allowSuperuser(), () => rm(folder, { recursive: true, force: true }));
}

async function createOnServer({
  entities = [],
  ownerSteps = [],
  poolSize = POOL_SIZE,
}: TestDatabaseOptions): Promise<TestDatabase> {
  const name = `${PREFIX}${Math.floor(Date.now() / 1000).toString(16)}_${randomBytes(4).toString('hex')}`;
  const server = { connectionString: postgresUrl() };
  const url = new URL(postgresUrl());
  url.pathname = `/${name}`;
  await withClient(server, async (client) => {
    await dropAbandoned(client);
    await client.query(`create database ${name}`);
  });
  const config = { url: url.toString(), ownerUrl: null, poolSize };
  const database = await openDatabase(config, tmpdir(), { secret: randomBytes(32), entities, ownerSteps });
  return new TestDatabase(database, { connectionString: config.url }, async () => {
    await withClient(server, (client) => drop(client, name));
  });
}

async function drop(client: ClientBase, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`drop role if exists ${applicationLoginName(name)}`);
}

/** Databases of runs that were killed: the name tells when they were made. */
async function dropAbandoned(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname::text as name from pg_database d where datname ~ '^${PREFIX}[0-9a-f]{8}_[0-9a-f]{8}$'
     and not exists (select from pg_stat_activity a where a.datid = d.oid)`,
  );
  const isOld = (name: string): boolean =>
    Date.now() / 1000 - parseInt(name.slice(PREFIX.length), 16) > ABANDONED_AFTER_SECONDS;
  for (const { name } of rows.filter((row) => isOld(row.name))) await drop(client, name);
}
