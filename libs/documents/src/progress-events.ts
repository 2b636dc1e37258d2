import { toProblem } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import type { MessageEvent } from '@nestjs/common';
import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  exhaustMap,
  map,
  type Observable,
  of,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';

/** A reader that wants more connects again; its permission is checked again then. */
const MAX_STREAM_MS = 10 * 60 * 1000;

/** What is followed. */
export interface Followed<View extends object> {
  readonly pollMs: number;
  readonly read: () => Promise<View>;
  readonly isDone: (view: View) => boolean;
}

/** Work as server-sent events: `progress` with a view at each change, then `end`; `error` with a problem when it cannot go on. */
export function progressEvents<View extends object>(
  { requestId }: WorkspaceContext,
  { pollMs, read, isDone }: Followed<View>,
): Observable<MessageEvent> {
  const progress = timer(0, pollMs).pipe(
    exhaustMap(read),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    takeWhile((view) => !isDone(view), true),
    map((data): MessageEvent => ({ type: 'progress', data })),
    takeUntil(timer(MAX_STREAM_MS)),
  );
  const end = defer(() => of<MessageEvent>({ type: 'end', data: {} }));
  return concat(progress, end).pipe(
    catchError((error: unknown) => of<MessageEvent>({ type: 'error', data: toProblem(error, requestId) })),
  );
}
