import { type Tx, WorkspaceDb } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { Document } from '../document.entity';
import { PageDocuments } from './page-documents';
import { MISSES_TO_REMOVE } from './page-intake';
import { SourceChange } from './source-change.entity';
import { SourcePage } from './source-page.entity';
import { SourceRun } from './source-run.entity';
import { addChange, holdDocument, holdRunning, keyOf, type Sync } from './sync-record';

/** What is looked at to judge a page; without the links, of which there may be much. */
const TO_JUDGE = ['workspaceId', 'id', 'url', 'state', 'documentId', 'misses', 'lastMissedRun'] as const;

/** Takes out of the answers what is not on the site any more. */
@Injectable()
export class PageRemoval {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly documents: PageDocuments,
    private readonly clock: Clock,
  ) {}

  /** Pages that the run has not come by and that are not known to be gone. */
  unseen({ ctx, source, run }: Sync): Promise<SourcePage[]> {
    return this.db.run(ctx, (tx) =>
      tx
        .getRepository(SourcePage)
        .createQueryBuilder('p')
        .select(TO_JUDGE.map((column) => `p.${column}`))
        .where('p.workspaceId = :workspaceId and p.sourceId = :sourceId', keyFor(source))
        .andWhere('p.lastSeenRun is distinct from :runId', { runId: run.id })
        .orderBy('p.id')
        .getMany(),
    );
  }

  /** Pages that the run has found gone. */
  gone({ ctx, source, run }: Sync): Promise<SourcePage[]> {
    return this.db.run(ctx, (tx) =>
      tx.getRepository(SourcePage).find({
        where: { ...keyFor(source), state: 'gone', lastSeenRun: run.id },
        select: Object.fromEntries(TO_JUDGE.map((column) => [column, true])),
      }),
    );
  }

  /**
   * The page was not found: for the second run in a row, its document leaves the answers. Counts once a run.
   * @throws SyncEnded
   */
  async miss({ ctx, source, run }: Sync, { id }: SourcePage): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await holdRunning(tx, run);
      const pages = tx.getRepository(SourcePage);
      const page = await pages.findOneBy({ workspaceId: source.workspaceId, id });
      if (!page || page.lastMissedRun === run.id) return;
      const isSeen = page.lastSeenRun === run.id;
      // Nothing came of it, and nothing leads there any more.
      if (!isSeen && (page.documentId === null || page.misses >= MISSES_TO_REMOVE)) {
        await pages.delete(keyOf(page));
        return;
      }
      if (page.documentId) await holdDocument(tx, ctx, page.documentId);
      const misses = page.misses + 1;
      const errorCode = page.errorCode ?? 'source.gone';
      await pages.save({
        ...page,
        state: 'gone',
        errorCode,
        misses,
        lastMissedRun: run.id,
        updatedAt: this.clock.now(),
      });
      if (misses !== MISSES_TO_REMOVE || page.documentId === null) return;
      await this.withdrawUnlessUsed(tx, { ctx, source, run }, page.documentId);
      await reportRemoved(tx, run, { ...page, errorCode });
    });
  }

  /** The page has another document now: the old one leaves the answers, unless another page is in it. */
  release(tx: Tx, sync: Sync, documentId: string): Promise<void> {
    return this.withdrawUnlessUsed(tx, sync, documentId);
  }

  /** Documents of others, such as a file with the same bytes, stay what they are. */
  private async withdrawUnlessUsed(tx: Tx, { ctx, source }: Sync, documentId: string): Promise<void> {
    const { workspaceId } = source;
    const own = { workspaceId, id: documentId, sourceId: source.id };
    if (!(await tx.getRepository(Document).existsBy(own))) return;
    const user = await tx.getRepository(SourcePage).findOneBy({ workspaceId, documentId, state: Not('gone' as const) });
    if (!user) return this.documents.withdraw(tx, ctx, documentId);
    const isTaken = await tx
      .getRepository(Document)
      .existsBy({ workspaceId, sourceId: source.id, sourceUrl: user.canonicalUrl });
    // It moved: citations lead to where the content is now.
    if (!isTaken) await tx.getRepository(Document).update(own, { sourceUrl: user.canonicalUrl });
  }
}

const keyFor = ({ workspaceId, id }: { workspaceId: string; id: string }) => ({ workspaceId, sourceId: id });

/** In the place of the dead link that the same run may have reported. */
async function reportRemoved(tx: Tx, run: SourceRun, page: SourcePage): Promise<void> {
  const { workspaceId, id: runId } = run;
  const dead = { workspaceId, runId, url: page.url, kind: In(['dead', 'failed']) };
  const { affected } = await tx.getRepository(SourceChange).delete(dead);
  const isCounted = affected === 1;
  if (isCounted) await tx.getRepository(SourceRun).update(keyOf(run), { dead: () => 'greatest(dead - 1, 0)' });
  await tx.getRepository(SourceRun).update(keyOf(run), { removed: () => 'removed + 1' });
  await addChange(tx, run, { ...page, kind: 'removed', version: null });
}
