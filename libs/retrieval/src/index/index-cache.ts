import { setImmediate } from 'node:timers/promises';
import type { EmbeddingModel } from '@app/ai';
import type { WorkspaceContext } from '@app/kernel';
import { type DocumentState, KnowledgeReader } from '../knowledge-reader';
import type { IndexedPassage } from './indexed-passage';
import { PassageIndex } from './passage-index';

/** Memory for all indexes of a process: about 60,000 passages. One larger than that alone is still kept while in use. */
const DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024;
/** Chunks a transaction, so that none is long. */
const CHUNKS_A_READ = 1_000;
/** Passages added before other work gets its turn: some milliseconds. */
const PASSAGES_A_TURN = 25;

interface CachedIndex {
  index: PassageIndex;
  /** Of the knowledge it was read at; null while it has never been complete. */
  version: string | null;
  model: string;
  signatures: Map<string, string>;
  refreshing: Promise<void> | null;
}

/**
 * Keeps the indexes of the workspaces that are asked most recently. An index is brought up to date document by document;
 * callers that ask at the same time share one refresh.
 */
export class IndexCache {
  /** In the order of use, the least recent first. */
  private readonly cached = new Map<string, CachedIndex>();

  constructor(
    private readonly reader: KnowledgeReader,
    private readonly maxBytes = DEFAULT_MEMORY_BYTES,
  ) {}

  /** Workspaces held, the least recently used first. */
  get workspaceIds(): string[] {
    return [...this.cached.keys()];
  }

  /**
   * The index of the workspace if it is as new as `version`, else null; any complete one when `version` is null. It may
   * change while the caller waits for anything, so use it at once.
   */
  peek(ctx: WorkspaceContext, version: string | null, model: EmbeddingModel): PassageIndex | null {
    const entry = this.cached.get(ctx.workspaceId);
    if (!entry || entry.version === null || entry.model !== model.id) return null;
    if (version !== null && entry.version !== version) return null;
    this.touch(ctx.workspaceId, entry);
    return entry.index;
  }

  /** Reads what changed. Afterwards the index is as new as at some moment after the call. */
  async refresh(ctx: WorkspaceContext, model: EmbeddingModel): Promise<void> {
    let entry = this.cached.get(ctx.workspaceId);
    // A refresh that runs may have read the version before the change this caller saw: wait for it, then look again.
    if (entry?.refreshing) return entry.refreshing;
    if (entry?.model !== model.id || entry.index.isSparse) entry = emptyIndex(model);
    this.touch(ctx.workspaceId, entry);
    const current = entry;
    current.refreshing = this.update(ctx, current, model).finally(() => {
      current.refreshing = null;
    });
    try {
      await current.refreshing;
      this.evict();
    } catch (error) {
      // Half an index must not answer.
      this.cached.delete(ctx.workspaceId);
      throw error;
    }
  }

  private async update(ctx: WorkspaceContext, entry: CachedIndex, model: EmbeddingModel): Promise<void> {
    const { version, documents } = await this.reader.read(ctx, async (tx) => ({
      version: await this.reader.version(tx, ctx),
      documents: await this.reader.documents(tx, ctx),
    }));
    entry.version = null;
    const signatures = new Map(documents.map(({ id, signature }) => [id, signature]));
    const outdated = [...entry.signatures]
      .filter(([id, signature]) => signatures.get(id) !== signature)
      .map(([id]) => id);
    entry.index.removeDocuments(outdated);
    for (const id of outdated) entry.signatures.delete(id);
    const missing = documents.filter(({ id }) => !entry.signatures.has(id));
    for (const batch of batches(missing)) {
      const ids = batch.map(({ id }) => id);
      const passages = await this.reader.read(ctx, (tx) => this.reader.indexedPassages(tx, ctx, ids, model));
      await addAll(entry.index, passages);
      for (const { id, signature } of batch) entry.signatures.set(id, signature);
    }
    entry.version = version;
  }

  private touch(workspaceId: string, entry: CachedIndex): void {
    this.cached.delete(workspaceId);
    this.cached.set(workspaceId, entry);
  }

  private evict(): void {
    let bytes = [...this.cached.values()].reduce((sum, { index }) => sum + index.bytes, 0);
    for (const [workspaceId, { index, refreshing }] of this.cached) {
      if (bytes <= this.maxBytes || this.cached.size === 1) return;
      if (refreshing) continue;
      this.cached.delete(workspaceId);
      bytes -= index.bytes;
    }
  }
}

const emptyIndex = (model: EmbeddingModel): CachedIndex => ({
  index: new PassageIndex(model.dimensions),
  version: null,
  model: model.id,
  signatures: new Map(),
  refreshing: null,
});

function batches(documents: readonly DocumentState[]): DocumentState[][] {
  const result: DocumentState[][] = [];
  let size = Infinity;
  for (const document of documents) {
    if (size + document.chunkCount > CHUNKS_A_READ) {
      result.push([]);
      size = 0;
    }
    result.at(-1)?.push(document);
    size += document.chunkCount;
  }
  return result;
}

async function addAll(index: PassageIndex, passages: readonly IndexedPassage[]): Promise<void> {
  for (const [i, passage] of passages.entries()) {
    index.add(passage);
    if (i % PASSAGES_A_TURN === PASSAGES_A_TURN - 1) await setImmediate();
  }
}
