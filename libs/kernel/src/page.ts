import { AppError } from './app-error';

/** One page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 100;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Opaque cursor over a UUID v7 key: the id of the last item seen. */
export const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws AppError `request.invalid` for anything this server did not issue. */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!UUID.test(id)) {
    throw new AppError('request.invalid', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
  }
  return id;
}

/** Cuts `limit + 1` rows, fetched in order, to one page. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
