import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Snippet, type SnippetTexts } from '../snippets/snippet.entity';

/** Rows read in one short transaction: at most 3 MB. */
const PAGE = 100;

/** The snippets of a workspace, as an export carries them. */
@Injectable()
export class LiveSnippets {
  constructor(private readonly db: WorkspaceDb) {}

  /** Oldest first. Changes while somebody reads are in it or not. */
  async *list(ctx: WorkspaceContext): AsyncGenerator<SnippetTexts> {
    const { workspaceId } = ctx;
    let after: string | undefined;
    for (;;) {
      const page: Snippet[] = await this.db.run(ctx, (tx) =>
        tx.getRepository(Snippet).find({
          where: { workspaceId, ...(after !== undefined && { id: MoreThan(after) }) },
          order: { id: 'ASC' },
          take: PAGE,
        }),
      );
      for (const { question, alternatives, answer, isCanned, language } of page) {
        yield { question, alternatives, answer, isCanned, language };
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.id;
    }
  }
}
