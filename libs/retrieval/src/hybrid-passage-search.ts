import { detectLanguage, EmbeddingProvider, type Passage } from '@app/ai';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { IndexCache } from './index/index-cache';
import { KnowledgeReader } from './knowledge-reader';
import { type PassageHit, PassageSearch, type SearchQuery, type SearchResult } from './passage-search';
import { decide } from './ranking/decide';
import { judge, lookUp, type LookUp, MIN_TELLING_CHARS, type Question } from './ranking/look-up';
import { PassageReader } from './ranking/passage-reader';
import type { RankedPassage } from './ranking/rank-passages';

/** A question is read to here; what follows is pasted material. */
const MAX_QUESTION_CHARS = 4_000;
/** While the knowledge changes faster than it is read, the newest complete index answers after this many tries. */
const MAX_REFRESHES = 3;

interface Found extends LookUp {
  passages: Map<string, Passage>;
}

/**
 * Words (BM25) and vectors over an index of the workspace in memory, then the sentences of the best passages. The usual
 * search is one short transaction: is the index still current, and the rows of the passages found.
 */
@Injectable()
export class HybridPassageSearch extends PassageSearch {
  private readonly words = new PassageReader();

  constructor(
    private readonly reader: KnowledgeReader,
    private readonly indexes: IndexCache,
    private readonly embeddings: EmbeddingProvider,
  ) {
    super();
  }

  async search(ctx: WorkspaceContext, query: SearchQuery, signal?: AbortSignal): Promise<SearchResult> {
    const started = performance.now();
    const question = await this.read(query.text, signal);
    const found = await this.find(ctx, question);
    signal?.throwIfAborted();
    const { ranked, signals } = judge(found, found.passages, question.vector, this.words);
    const { confidence, isAnswerable } = decide(found, ranked, signals);
    return {
      passages: toHits(ranked, confidence).slice(0, query.limit),
      language: question.language,
      durationMs: performance.now() - started,
      isAnswerable,
      confidence,
    };
  }

  private async read(text: string, signal?: AbortSignal): Promise<Question> {
    const question = text.slice(0, MAX_QUESTION_CHARS).trim();
    const language = await detectLanguage(question);
    return { text: question, language, vector: await this.embed(question, language, signal) };
  }

  /** null when there is no model for the question, or it does not answer: words alone are searched then. */
  private async embed(text: string, language: string | null, signal?: AbortSignal): Promise<Float32Array | null> {
    const { languages } = this.embeddings.model;
    const isForeign = language !== null && text.length >= MIN_TELLING_CHARS && !languages.includes(language);
    if (text === '' || isForeign) return null;
    try {
      const [vector] = await this.embeddings.embed([text], signal);
      return vector && vector.length > 0 ? vector : null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'provider.unavailable') return null;
      throw error;
    }
  }

  private async find(ctx: WorkspaceContext, question: Question): Promise<Found> {
    const { model } = this.embeddings;
    for (let refreshes = 0; ; refreshes++) {
      const found = await this.reader.read(ctx, async (tx) => {
        const version = refreshes < MAX_REFRESHES ? await this.reader.version(tx, ctx) : null;
        const index = this.indexes.peek(ctx, version, model);
        if (!index) return null;
        const found = lookUp(index, question);
        const ids = found.candidates.map(({ id }) => id);
        return { ...found, passages: await this.reader.passages(tx, ctx, ids, model) };
      });
      if (found) return found;
      await this.indexes.refresh(ctx, model);
    }
  }
}

/** The first passage has the question's own probability; the others as much of it as they are behind. */
function toHits(ranked: readonly RankedPassage[], confidence: number): PassageHit[] {
  const best = ranked[0]?.rank ?? 1;
  return ranked.map(({ passage, legs, rank }) => ({ ...passage, legs, score: confidence * (rank / best) }));
}
