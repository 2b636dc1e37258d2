import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Document } from '../document.entity';
import { IngestionQueue, placeInLine } from '../pipeline/ingestion-queue';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import { claimWordings } from './canned-wordings';
import { mustFindSnippet, mustLockSnippet, type SnippetState, withStatus } from './find-snippet';
import { refuseKnown } from './refuse-known';
import { Snippet } from './snippet.entity';
import { addDocument, chunksOf, publishSnippet } from './snippet-document';
import { assertUnchanged } from './snippet-etag';
import { changedTexts, differences } from './snippet-texts';
import type { CreateSnippetDto, UpdateSnippetDto } from './snippets.dto';

/** A workspace's; each is a document to the search, which keeps all of a workspace in memory. */
export const MAX_SNIPPETS = 5_000;

interface AddOptions {
  /** Looks at what is there before anything is written. */
  readonly refuse?: (tx: Tx, snippet: Snippet) => Promise<void>;
  /** Part of the transaction that writes the snippet: what it throws keeps it from being made. */
  readonly alongside?: (tx: Tx) => Promise<void>;
}

/** The questions of a workspace with the answers its editors wrote. What they change counts from the commit on. */
@Injectable()
export class Snippets {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly ingestion: IngestionQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `snippet.too-many`, `snippet.wording-taken`, `request.invalid` */
  create(ctx: WorkspaceContext, input: CreateSnippetDto): Promise<SnippetState> {
    return this.add(ctx, input, newId());
  }

  /**
   * As `create`, for one that may be here already. Nothing that is here is changed.
   * @throws AppError as `create`; `snippet.duplicate`, `snippet.question-taken` with `existingId`
   */
  import(
    ctx: WorkspaceContext,
    input: CreateSnippetDto,
    { newDocumentId: id, alongside }: { newDocumentId: string; alongside: (tx: Tx) => Promise<void> },
  ): Promise<SnippetState> {
    return this.add(ctx, input, id, { refuse: refuseKnown, alongside });
  }

  private async add(
    ctx: WorkspaceContext,
    input: CreateSnippetDto,
    id: string,
    { refuse, alongside }: AddOptions = {},
  ): Promise<SnippetState> {
    const { workspaceId, actor } = ctx;
    const now = this.clock.now();
    const snippet: Snippet = {
      ...changedTexts(input),
      workspaceId,
      id,
      version: 1,
      createdBy: actor.type === 'user' ? actor.id : null,
      createdAt: now,
      updatedAt: now,
    };
    const chunks = await chunksOf(snippet);
    const { place, ...state } = await this.db.run(ctx, async (tx) => {
      // Until the end nobody else in the workspace gets past here: neither the limit nor a wording is taken twice.
      await bumpKnowledgeVersion(tx, ctx);
      await refuse?.(tx, snippet);
      const snippets = tx.getRepository(Snippet);
      if ((await snippets.countBy({ workspaceId })) >= MAX_SNIPPETS) throw new AppError('snippet.too-many');
      const document = await addDocument(tx, snippet);
      await snippets.insert(snippet);
      await claimWordings(tx, snippet);
      const { status, errorCode } = await publishSnippet(tx, ctx, { document, snippet, chunks });
      await alongside?.(tx);
      await this.audit.record(tx, ctx, 'snippet.created', { snippetId: snippet.id, isCanned: snippet.isCanned });
      return { snippet, status, errorCode, place: await placeInLine(tx, ctx) };
    });
    await this.embed(snippet, place);
    return state;
  }

  /** Newest first. */
  list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<SnippetState & { id: string }>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return this.db.run(ctx, async (tx) => {
      const snippets = await tx.getRepository(Snippet).find({
        where: { workspaceId: ctx.workspaceId, ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      const states = await withStatus(tx, ctx, snippets);
      return toPage(
        states.map((state) => ({ ...state, id: state.snippet.id })),
        query.limit,
      );
    });
  }

  /** @throws AppError `snippet.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<SnippetState> {
    return this.db.run(ctx, async (tx) => this.stateOf(tx, ctx, await mustFindSnippet(tx, ctx, id)));
  }

  /**
   * Changes what is given; what is left out stays. What changes nothing makes no version, unless the last one failed.
   * @param ifMatch value of `If-Match`
   * @throws AppError `snippet.not-found`, `request.precondition-failed`, `snippet.wording-taken`, `request.invalid`
   */
  async update(ctx: WorkspaceContext, id: string, input: UpdateSnippetDto, ifMatch?: string): Promise<SnippetState> {
    const { place, ...state } = await this.db.run(ctx, async (tx) => {
      const { document, snippet: found } = await mustLockSnippet(tx, ctx, id);
      assertUnchanged(found, ifMatch);
      const texts = changedTexts(input, found);
      const changed = differences(found, texts);
      const current = await this.stateOf(tx, ctx, found);
      if (changed.length === 0 && current.status !== 'failed') return { ...current, place: null };
      const snippet = { ...found, ...texts, version: found.version + 1, updatedAt: this.clock.now() };
      const chunks = await chunksOf(snippet); // before the workspace is held
      await bumpKnowledgeVersion(tx, ctx); // as in `create`
      await tx.getRepository(Snippet).save(snippet);
      await claimWordings(tx, snippet);
      const { status, errorCode } = await publishSnippet(tx, ctx, { document, snippet, chunks });
      await this.audit.record(tx, ctx, 'snippet.updated', { snippetId: id, version: snippet.version, changed });
      return { snippet, status, errorCode, place: await placeInLine(tx, ctx) };
    });
    if (place !== null) await this.embed(state.snippet, place);
    return state;
  }

  /** Answers stop using it at once. @throws AppError `snippet.not-found` */
  async remove(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await mustLockSnippet(tx, ctx, id);
      await tx.getRepository(Document).delete({ workspaceId: ctx.workspaceId, id });
      await bumpKnowledgeVersion(tx, ctx);
      await this.audit.record(tx, ctx, 'snippet.deleted', { snippetId: id });
    });
  }

  private embed({ workspaceId, id: documentId, version }: Snippet, place: number): Promise<void> {
    return this.ingestion.add({ workspaceId, documentId, version }, place);
  }

  private async stateOf(tx: Tx, ctx: WorkspaceContext, snippet: Snippet): Promise<SnippetState> {
    const [state] = await withStatus(tx, ctx, [snippet]);
    if (!state) throw new AppError('snippet.not-found');
    return state;
  }
}
