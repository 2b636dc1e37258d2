import type { HttpReply, HttpRequest } from '@app/http';
import { AppError } from '@app/kernel';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { finalize, type Observable } from 'rxjs';
import { DocumentsOptions } from '../documents-options';
import { receiveFile } from './receive-file';
import { keepFile } from './uploaded-document';

/** Files in memory at the same time: at 10 MB each, and twice that while one is put together, about 160 MB. */
const MAX_UPLOADS = 8;
const RETRY_SECONDS = 5;
/** How long a refused sender may go on sending, so that it gets to read the refusal. */
const LINGER_MS = 3_000;

/** Receives the file of a request before the handler runs, after the guards have let it in. */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  private running = 0;
  private readonly byWorkspace = new Map<string, number>();

  constructor(protected readonly options: DocumentsOptions) {}

  protected get maxUploads(): number {
    return MAX_UPLOADS;
  }

  protected get maxBytes(): number {
    return this.options.config.maxFileBytes;
  }

  /** @throws AppError `upload.busy` when too many uploads are under way, and those of `receiveFile` */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const reply = context.switchToHttp().getResponse<HttpReply>();
    endAfterAnswer(request, reply);
    const leave = this.enter(request.params['workspaceId'] ?? '');
    try {
      keepFile(request, await receiveFile(request.raw, reply.raw, this.maxBytes));
    } catch (error) {
      leave();
      throw error;
    }
    return next.handle().pipe(finalize(leave));
  }

  /** One workspace gets at most half of the places, however slowly it sends. */
  private enter(workspaceId: string): () => void {
    const own = this.byWorkspace.get(workspaceId) ?? 0;
    if (this.running >= this.maxUploads || own >= this.maxUploads / 2) {
      throw new AppError('upload.busy', { retryAfterSeconds: RETRY_SECONDS });
    }
    this.running++;
    this.byWorkspace.set(workspaceId, own + 1);
    return () => {
      this.running--;
      const left = (this.byWorkspace.get(workspaceId) ?? 1) - 1;
      if (left > 0) this.byWorkspace.set(workspaceId, left);
      else this.byWorkspace.delete(workspaceId);
    };
  }
}

/** An endless body does not keep its connection once the answer is out. */
function endAfterAnswer(request: HttpRequest, reply: HttpReply): void {
  reply.raw.once('finish', () => {
    if (request.raw.complete) return;
    setTimeout(() => request.raw.complete || request.raw.destroy(), LINGER_MS).unref();
  });
}
