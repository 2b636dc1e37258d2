import type { WorkspaceContext } from '@app/kernel';
import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { toDocumentView } from './documents.dto';
import { DocumentsService } from './documents.service';
import { progressEvents } from './progress-events';
import { isFinished } from './versions/document-version.entity';

const POLL_MS = 400;

/** The ingestion of one document as server-sent events: `progress` (a document view) at each change, then `end`. */
@Injectable()
export class DocumentEvents {
  constructor(private readonly documents: DocumentsService) {}

  /** @throws AppError `document.not-found`, before the stream begins */
  async follow(ctx: WorkspaceContext, id: string): Promise<Observable<MessageEvent>> {
    await this.documents.get(ctx, id);
    const read = async () => toDocumentView(await this.documents.get(ctx, id));
    return progressEvents(ctx, { pollMs: POLL_MS, read, isDone: isFinished });
  }
}
