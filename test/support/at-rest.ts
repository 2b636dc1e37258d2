import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspectDataFolder } from '@app/database/testing';
import Redis from 'ioredis';
import type { Client } from 'pg';
import { REDIS } from './services';
import type { Stack } from './stack';

/** Everything an installation has stored, as text, by place: a column of a table, a key of Redis, a file. */
export type Stored = ReadonlyMap<string, string>;

/** Every table. The database of the embedded stack is read when its product is stopped: it lets nobody else in. */
export const readDatabaseStored = ({ server, dataDir }: Stack): Promise<Stored> =>
  server ? server.asSuperuser(readTables) : inspectDataFolder(dataDir, (client) => readTables(client));

/** The database as `readDatabaseStored` does, Redis and the files. */
export async function readEverythingStored(stack: Stack): Promise<Stored> {
  const { server } = stack;
  const database = await readDatabaseStored(stack);
  const redis = server ? await readRedis(`${server.name}:`) : new Map<string, string>();
  return new Map([...database, ...redis, ...readFiles(join(stack.dataDir, 'blobs'))]);
}

/** Where a text is found: as it is, in hexadecimal (bytea is dumped so), or within something in base64. */
export function findStored(stored: Stored, text: string): string[] {
  const bytes = Buffer.from(text);
  const spellings = [text, JSON.stringify(text).slice(1, -1), bytes.toString('hex'), ...base64Within(bytes)];
  return [...stored]
    .filter(([, content]) => spellings.some((spelling) => content.includes(spelling)))
    .map(([at]) => at);
}

/** Whatever lies before it: the part of the base64 that the text alone decides, at each of three offsets. */
function base64Within(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const own = encoded.slice(offset === 0 ? 0 : offset + 1, -1);
    return own.length < 8 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

async function readTables(client: Client): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  const columns = await client.query<{ schema: string; table: string; column: string }>(
    `select n.nspname as schema, c.relname as table, a.attname as column
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)' and a.attnum > 0 and not a.attisdropped`,
  );
  for (const { schema, table, column } of columns.rows) {
    const { rows } = await client.query<{ content: string | null }>(
      `select string_agg("${column}"::text, E'\\n') as content from "${schema}"."${table}"`,
    );
    stored.set(`${table}.${column}`, rows[0]?.content ?? '');
  }
  return stored;
}

async function readRedis(prefix: string): Promise<Map<string, string>> {
  const redis = new Redis(REDIS);
  try {
    const stored = new Map<string, string>();
    for await (const keys of redis.scanStream({ match: `${prefix}*` })) {
      for (const key of keys as string[]) stored.set(`redis ${key}`, `${key}\n${await valueOf(redis, key)}`);
    }
    return stored;
  } finally {
    redis.disconnect();
  }
}

/** Of any type. What no longer exists is empty. */
async function valueOf(redis: Redis, key: string): Promise<string> {
  const readers: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, 0, -1),
    stream: () => redis.xrange(key, '-', '+'),
    none: async () => '',
  };
  const type = await redis.type(key);
  const read = readers[type];
  if (!read) throw new Error(`${key} is a ${type}`);
  const value = await read();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readFiles(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [`file ${name}`, `${name}\n${readFileSync(join(folder, name), 'latin1')}`]));
}
