import { EmbeddingProvider } from '@app/ai';
import { SystemDb } from '@app/database';
import { systemContext } from '@app/kernel';
import { JobQueue } from '@app/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { ChunkEmbedder, PREFIX_VERSION } from '../pipeline/chunk-embedder';
import { IngestionRecord } from '../pipeline/ingestion-record';
import { RepeatedWork } from '../pipeline/repeated-work';

const QUEUE = 'reembedding';
const LOOK_SECONDS = 3600;
/** Documents asked for at a time: the next look finds the rest. */
const DOCUMENTS_A_LOOK = 1_000;
const ATTEMPTS = 5;

/**
 * Gives live documents vectors of the model of today when they have others: after the model, or the way a text is put to
 * it, has changed. In the background, one document at a time, and workspaces take turns. Until a passage has its new
 * vector it is found by the old one where the model is the same, else by its words.
 */
@Injectable()
export class ReembeddingRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ReembeddingRunner.name);
  private looking?: RepeatedWork;

  constructor(
    private readonly queue: JobQueue,
    private readonly systemDb: SystemDb,
    private readonly embeddings: EmbeddingProvider,
    private readonly embedder: ChunkEmbedder,
    private readonly record: IngestionRecord,
    private readonly options: DocumentsOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.hasWorker) return;
    await this.queue.process(
      QUEUE,
      ({ workspaceId = '', documentId = '', version = '' }, signal) =>
        this.reembed(workspaceId, { documentId, version: Number(version) }, signal),
      { concurrency: 1, attempts: ATTEMPTS },
    );
    this.looking = new RepeatedWork(
      LOOK_SECONDS,
      () => this.look(),
      (error) => this.logger.warn({ err: error }, 'Looking for outdated vectors failed; it is tried again'),
    );
  }

  onModuleDestroy(): void {
    this.looking?.stop();
  }

  /** Asks for everything that is out of date. */
  async look(): Promise<void> {
    const { model } = this.embeddings;
    if (model.dimensions === 0) return;
    const wanted = { model: model.id, prefixVersion: PREFIX_VERSION };
    for (const { place, ...key } of await this.systemDb.listOutdatedVectors(wanted, DOCUMENTS_A_LOOK)) {
      const { workspaceId, documentId, version } = key;
      const payload = { workspaceId, documentId, version: String(version) };
      await this.queue.add(QUEUE, payload, { id: `${documentId}-${version}`, priority: place });
    }
  }

  private async reembed(
    workspaceId: string,
    key: { documentId: string; version: number },
    signal: AbortSignal,
  ): Promise<void> {
    const ctx = systemContext(workspaceId);
    const kind = await this.embedder.embed(ctx, key, signal);
    if (kind) await this.record.noteReembedded(ctx, key, kind);
  }
}
