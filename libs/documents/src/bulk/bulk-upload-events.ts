import { toProblem } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable, type MessageEvent } from '@nestjs/common';
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
import { type BulkUploadView, toBulkUploadView } from './bulk-uploads.dto';
import { BulkUploads } from './bulk-uploads.service';

/** Counting thousands of files takes its time, and nobody reads faster. */
const POLL_MS = 1_000;
/** A reader that wants more connects again; its permission is checked again then. */
const MAX_STREAM_MS = 10 * 60 * 1000;

/** The way of an archive as server-sent events: `progress` (a view) at each change, then `end`. */
@Injectable()
export class BulkUploadEvents {
  constructor(private readonly uploads: BulkUploads) {}

  /** @throws AppError `bulk-upload.not-found`, before the stream begins */
  async follow(ctx: WorkspaceContext, id: string): Promise<Observable<MessageEvent>> {
    await this.uploads.get(ctx, id);
    const progress = timer(0, POLL_MS).pipe(
      exhaustMap(async () => toBulkUploadView(await this.uploads.get(ctx, id))),
      distinctUntilChanged(isSame),
      takeWhile(({ isDone }) => !isDone, true),
      map((data): MessageEvent => ({ type: 'progress', data })),
      takeUntil(timer(MAX_STREAM_MS)),
    );
    const end = defer(() => of<MessageEvent>({ type: 'end', data: {} }));
    return concat(progress, end).pipe(
      catchError((error: unknown) => of<MessageEvent>({ type: 'error', data: toProblem(error, ctx.requestId) })),
    );
  }
}

const isSame = (a: BulkUploadView, b: BulkUploadView): boolean => JSON.stringify(a) === JSON.stringify(b);
