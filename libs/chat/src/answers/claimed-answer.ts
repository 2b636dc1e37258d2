import type { WorkspaceContext } from '@app/kernel';

/** A message as it is stored: `text` is sealed. */
export interface SealedTurn {
  readonly id: string;
  readonly author: 'visitor' | 'assistant';
  readonly text: string;
}

interface SealedTurns {
  readonly question: SealedTurn;
  /** Earlier turns, oldest first. */
  readonly history: readonly SealedTurn[];
}

/** A question this process has taken on, with the row of its answer already stored as `generating`. */
export interface ClaimedAnswer {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly embedId: string;
  readonly visitorId: string;
  readonly answerId: string;
  /** Place of the answer in the conversation. */
  readonly seq: number;
  readonly questionId: string;
  /** What is asked and what was said before, still sealed: opened when the answer is written, outside any transaction. */
  readonly turns: SealedTurns;
  /** What the visitor's browser asked for (BCP 47), if it said so. */
  readonly locale: string | null;
}

/** Answers are written by the server on behalf of the visitor who asked. */
export const contextOf = (answer: ClaimedAnswer): WorkspaceContext => ({
  workspaceId: answer.workspaceId,
  actor: { type: 'visitor', id: answer.visitorId },
});
