import type { ErrorCode } from '@app/kernel';
import type { ParsedDocument } from './parsed-document';
import { DOCUMENT_PARTS, MAX_PART_NOTICES, PART_PROBLEMS, type PartNotice, type PartNotices } from './part-notice';

/** What the child process writes, once, as JSON. */
export type ParserReply =
  { readonly document: ParsedDocument } | { readonly code: ErrorCode; readonly detail?: string };

/** More parts than any document has. */
const MAX_TOTAL = 1_000_000;

/** Of notices as a child process wrote them: those that are notices, made anew, so that nothing else comes with them. */
export function noticesIn(written: unknown): PartNotices | undefined {
  if (!isRecord(written) || !Array.isArray(written['items'])) return undefined;
  const items = written['items'].slice(0, MAX_PART_NOTICES).flatMap(noticeIn);
  if (items.length === 0) return undefined;
  const total = isCount(written['total']) ? written['total'] : 0;
  return { total: Math.max(total, items.length), items };
}

function noticeIn(written: unknown): PartNotice[] {
  if (!isRecord(written)) return [];
  const { number } = written;
  const part = DOCUMENT_PARTS.find((known) => known === written['part']);
  const code = keysOf(PART_PROBLEMS).find((known) => known === written['code']);
  return part && code && isCount(number) ? [{ part, number, code }] : [];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_TOTAL;

/** `Object.keys` forgets which keys there are. */
const keysOf = <T extends object>(record: T): (keyof T)[] => Object.keys(record) as (keyof T)[];
