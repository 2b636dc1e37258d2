import { stringify } from 'csv-stringify/sync';
import type { AuditEntry } from '../audit-events.service';

const COLUMNS = [
  ...['position', 'id', 'createdAt', 'action', 'result', 'actorType', 'actorId', 'ip', 'requestId', 'data'],
  ...['previousHash', 'hash'],
];

/** Everything of an event that its hash covers, and the hashes, so that a reader can follow the chain. */
const fieldsOf = (entry: AuditEntry) => ({
  position: Number(entry.seq),
  id: entry.id,
  createdAt: entry.createdAt.toISOString(),
  action: entry.action,
  result: entry.result,
  actorType: entry.actorType,
  actorId: entry.actorId,
  ip: entry.ip,
  requestId: entry.requestId,
  data: entry.data,
  previousHash: entry.previousHash.toString('hex'),
  hash: entry.hash.toString('hex'),
});

/** One JSON object a line. */
export const toNdjson = (entries: readonly AuditEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(fieldsOf(entry))}\n`).join('');

export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** RFC 4180; what a spreadsheet would run as a formula gets an apostrophe before it (ASVS 1.2.10). */
export const toCsv = (entries: readonly AuditEntry[]): string =>
  stringify(
    entries.map((entry) => ({ ...fieldsOf(entry), data: JSON.stringify(entry.data) })),
    { columns: COLUMNS, record_delimiter: 'windows', escape_formulas: true },
  );
