import { AppError } from '@app/kernel';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The id in lower case, as the database compares it.
 *
 * @throws AppError `request.invalid` naming `path` for anything but a UUID in its usual form
 */
export function assertUuid(value: unknown, path: string): string {
  if (typeof value === 'string' && UUID.test(value)) return value.toLowerCase();
  throw new AppError('request.invalid', { errors: [{ path, message: 'must be a UUID' }] });
}
