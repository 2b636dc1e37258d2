import { FieldCipher } from '@app/crypto';
import { newId } from '@app/kernel';
import { JobQueue, type ProcessOptions } from '@app/queue';
import { Injectable } from '@nestjs/common';

const placeOf = (queue: string, id: string) => ({ table: 'jobs', column: queue, rowId: id, workspaceId: null });

/** Jobs that carry content, such as an address or a text: sealed for as long as they wait in the database. */
@Injectable()
export class SealedJobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly cipher: FieldCipher,
  ) {}

  /** Resolves when the job is safely stored. `content` is what JSON can hold. */
  async add(queue: string, content: object): Promise<void> {
    const id = newId();
    await this.queue.add(queue, { id, content: this.cipher.seal(placeOf(queue, id), JSON.stringify(content)) }, { id });
  }

  /** As `JobQueue.process`, with the content as it was added. */
  async process<Content extends object>(
    queue: string,
    handler: (content: Content, signal: AbortSignal) => Promise<void>,
    options: ProcessOptions,
  ): Promise<void> {
    await this.queue.process(
      queue,
      async ({ id = '', content = '' }, signal) => {
        // Sealed by `add` for this queue alone, whose owner knows what it put there.
        await handler(JSON.parse(this.cipher.open(placeOf(queue, id), content)) as Content, signal);
      },
      options,
    );
  }
}
