import { wordingHash } from '@app/ai';
import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

/** An answer that an editor wrote for exactly this question. */
export interface CannedAnswer {
  /** Also the id of the document that cites it. */
  readonly snippetId: string;
  readonly version: number;
  /** On one line, as the editor wrote it. */
  readonly question: string;
  /** Markdown, to be given as it is. */
  readonly answer: string;
}

/** Looks answers up by the very question. Nothing is kept in memory, so a change counts from its commit, on every node. */
@Injectable()
export class CannedAnswers {
  constructor(private readonly db: WorkspaceDb) {}

  /**
   * One read by a primary key.
   * @returns null when no canned answer of the workspace has this question, as `normaliseWording` compares
   */
  async find(ctx: WorkspaceContext, question: string): Promise<CannedAnswer | null> {
    const [found] = await this.db.run(ctx, (tx) =>
      tx.query<CannedAnswer[]>(
        `select s.id as "snippetId", s.version, s.question, s.answer
         from canned_wordings w join snippets s on s.workspace_id = w.workspace_id and s.id = w.snippet_id
         where w.workspace_id = $1 and w.wording_hash = $2`,
        [ctx.workspaceId, wordingHash(question)],
      ),
    );
    return found ?? null;
  }
}
