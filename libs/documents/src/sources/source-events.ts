import type { WorkspaceContext } from '@app/kernel';
import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { progressEvents } from '../progress-events';
import { toSourceView } from './sources.dto';
import { SourcesService } from './sources.service';

/** A site gives a page a second. */
const POLL_MS = 1_000;

/** The newest sync of a source as server-sent events: `progress` (a source view) at each change, then `end`. */
@Injectable()
export class SourceEvents {
  constructor(private readonly sources: SourcesService) {}

  /** @throws AppError `source.not-found`, before the stream begins */
  async follow(ctx: WorkspaceContext, id: string): Promise<Observable<MessageEvent>> {
    await this.sources.get(ctx, id);
    const read = async () => toSourceView(await this.sources.get(ctx, id));
    return progressEvents(ctx, { pollMs: POLL_MS, read, isDone: ({ lastRun }) => lastRun?.status !== 'running' });
  }
}
