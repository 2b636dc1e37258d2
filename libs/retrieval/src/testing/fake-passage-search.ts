import type { WorkspaceContext } from '@app/kernel';
import { type PassageHit, PassageSearch, type SearchQuery, type SearchResult } from '../passage-search';

/** Answers every question with the passages the test set for that workspace. */
export class FakePassageSearch extends PassageSearch {
  readonly queries: { workspaceId: string; text: string; limit: number }[] = [];
  private readonly passages = new Map<string, PassageHit[]>();

  set(workspaceId: string, passages: PassageHit[]): void {
    this.passages.set(workspaceId, passages);
  }

  async search(ctx: WorkspaceContext, query: SearchQuery, signal?: AbortSignal): Promise<SearchResult> {
    signal?.throwIfAborted();
    this.queries.push({ workspaceId: ctx.workspaceId, ...query });
    const passages = (this.passages.get(ctx.workspaceId) ?? []).slice(0, query.limit);
    const confidence = passages[0]?.score ?? 0;
    return { passages, language: 'en', durationMs: 0, isAnswerable: passages.length > 0, confidence };
  }
}
