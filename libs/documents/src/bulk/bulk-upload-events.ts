import type { WorkspaceContext } from '@app/kernel';
import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { progressEvents } from '../progress-events';
import { toBulkUploadView } from './bulk-uploads.dto';
import { BulkUploads } from './bulk-uploads.service';

/** Counting thousands of files takes its time, and nobody reads faster. */
const POLL_MS = 1_000;

/** The way of an archive as server-sent events: `progress` (a view) at each change, then `end`. */
@Injectable()
export class BulkUploadEvents {
  constructor(private readonly uploads: BulkUploads) {}

  /** @throws AppError `bulk-upload.not-found`, before the stream begins */
  async follow(ctx: WorkspaceContext, id: string): Promise<Observable<MessageEvent>> {
    await this.uploads.get(ctx, id);
    const read = async () => toBulkUploadView(await this.uploads.get(ctx, id));
    return progressEvents(ctx, { pollMs: POLL_MS, read, isDone: ({ isDone }) => isDone });
  }
}
