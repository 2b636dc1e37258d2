import type { AnswerRequest } from '@app/ai';
import { Injectable } from '@nestjs/common';
import { SealedMessages } from '../conversations/sealed-messages';
import type { ClaimedAnswer, SealedTurn } from './claimed-answer';

/** What the model is told of the conversation. */
export type OpenTurns = Pick<AnswerRequest, 'question' | 'history'>;

const MARKERS = /(?<!\s)\s*\[\d{1,3}\]/g;

/** Opens what was said for the one who answers it. */
@Injectable()
export class ConversationTurns {
  constructor(private readonly sealed: SealedMessages) {}

  /** @throws AppError `data.unreadable` */
  open({ workspaceId, turns }: ClaimedAnswer): OpenTurns {
    const textOf = ({ id, text }: SealedTurn): string => this.sealed.openText({ workspaceId, id }, text);
    return {
      question: textOf(turns.question),
      // Markers count the citations of their own answer and mean nothing in the next.
      history: turns.history.map((turn) => ({ author: turn.author, text: textOf(turn).replace(MARKERS, '') })),
    };
  }
}
