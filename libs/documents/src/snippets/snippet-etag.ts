import { AppError } from '@app/kernel';
import type { Snippet } from './snippet.entity';

/** Strong validator (RFC 9110, 8.8.3): every change of a snippet raises its version. */
export const etagOf = ({ version }: Pick<Snippet, 'version'>): string => `"${version}"`;

/**
 * @param ifMatch value of `If-Match`; left out, the last writer wins
 * @throws AppError `request.precondition-failed` when somebody changed the snippet since it was read
 */
export function assertUnchanged(snippet: Pick<Snippet, 'version'>, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === etagOf(snippet)) return;
  throw new AppError('request.precondition-failed');
}
