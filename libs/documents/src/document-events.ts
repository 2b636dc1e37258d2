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
import { toDocumentView } from './documents.dto';
import { DocumentsService } from './documents.service';
import { isFinished } from './versions/document-version.entity';
import type { DocumentState } from './versions/find-document';

const POLL_MS = 400;
/** A reader that wants more connects again; its permission is checked again then. */
const MAX_STREAM_MS = 10 * 60 * 1000;

/** The ingestion of one document as server-sent events: `progress` (a document view) at each change, then `end`. */
@Injectable()
export class DocumentEvents {
  constructor(private readonly documents: DocumentsService) {}

  /** @throws AppError `document.not-found`, before the stream begins */
  async follow(ctx: WorkspaceContext, id: string): Promise<Observable<MessageEvent>> {
    await this.documents.get(ctx, id);
    const progress = timer(0, POLL_MS).pipe(
      exhaustMap(() => this.documents.get(ctx, id)),
      distinctUntilChanged(isSame),
      takeWhile(({ newest }) => !isFinished(newest), true),
      map((state): MessageEvent => ({ type: 'progress', data: toDocumentView(state) })),
      takeUntil(timer(MAX_STREAM_MS)),
    );
    const end = defer(() => of<MessageEvent>({ type: 'end', data: {} }));
    return concat(progress, end).pipe(
      catchError((error: unknown) => of<MessageEvent>({ type: 'error', data: toProblem(error, ctx.requestId) })),
    );
  }
}

const isSame = ({ newest: a }: DocumentState, { newest: b }: DocumentState): boolean =>
  a.version === b.version && a.updatedAt.getTime() === b.updatedAt.getTime() && a.status === b.status;
