import { type AnswerPart, AnswerProvider, CitationVerifier } from '@app/ai';
import type { AnswerOutcome, Citation } from '@app/chat-protocol';
import { type CannedAnswer, CannedAnswers, type PassageHit, PassageSearch, type SearchResult } from '@app/retrieval';
import { Injectable } from '@nestjs/common';
import type { AnswerDraft } from './answer-draft';
import type { AnswerMeter } from './answer-meter';
import { type ClaimedAnswer, contextOf } from './claimed-answer';
import { ConversationTurns, type OpenTurns } from './conversation-turns';
import { type Provenance, searchProvenance } from './provenance';
import { refusalText } from './refusals';
import { type CutSentence, SentenceCutter } from './sentence-cutter';

export interface Composition {
  readonly outcome: Extract<AnswerOutcome, 'answered' | 'refused'>;
  readonly provenance: Omit<Provenance, 'timings'>;
}

/** What there is to compose, and where. */
export interface CompositionTask {
  readonly claim: ClaimedAnswer;
  readonly draft: AnswerDraft;
  readonly meter: AnswerMeter;
  readonly signal: AbortSignal;
}

type EndPart = Extract<AnswerPart, { type: 'end' }>;

/** What the model sees. More passages help recall little and cost tokens; eight is the usual upper end of RAG set-ups. */
const MAX_PASSAGES = 8;
/** An answer in a chat window: about 600 words. */
const MAX_OUTPUT_CHARS = 4_000;

/** Gives an editor's answer to exactly this question; else finds the passages, asks the model and lets only supported sentences through. Holds no transaction meanwhile. */
@Injectable()
export class AnswerComposer {
  private readonly verifier = new CitationVerifier();

  constructor(
    private readonly canned: CannedAnswers,
    private readonly search: PassageSearch,
    private readonly provider: AnswerProvider,
    private readonly turns: ConversationTurns,
  ) {}

  /**
   * Yields whenever `draft` has grown by text that may be shown. Throws what search and provider throw, the signal's
   * reason when it aborts, and `data.unreadable` when a stored turn was tampered with.
   */
  async *compose({ claim: answer, draft, meter, signal }: CompositionTask): AsyncGenerator<void, Composition> {
    const turns = this.turns.open(answer);
    const canned = await this.canned.find(contextOf(answer), turns.question);
    if (canned) return yield* this.give(canned, draft);
    const query = { text: turns.question, limit: MAX_PASSAGES };
    const found = await this.search.search(contextOf(answer), query, signal);
    signal.throwIfAborted();
    if (!found.isAnswerable) return yield* this.refuse(answer, draft, found);

    const cutter = new SentenceCutter(found.language);
    let dropped = 0;
    let end: EndPart | undefined;
    for await (const part of this.ask({ turns, passages: found.passages, meter }, signal)) {
      if (part.type === 'end') end = part;
      const sentences = part.type === 'text' ? cutter.push(part.text) : cutter.end();
      for (const sentence of sentences) {
        if (this.admit(sentence, found.passages, draft)) yield;
        else dropped += 1;
      }
    }
    const provenance = this.provenance(found, end, { droppedSentences: dropped, meter });
    if (draft.text === '') return yield* this.refuse(answer, draft, found, provenance);
    return { outcome: 'answered', provenance };
  }

  /** An editor's own words, for exactly this question: nothing is searched and no model is asked. */
  private *give(canned: CannedAnswer, draft: AnswerDraft): Generator<void, Composition> {
    draft.quote(canned.answer, citationOf(canned));
    yield;
    const { snippetId, version } = canned;
    return { outcome: 'answered', provenance: { canned: { snippetId, version } } };
  }

  private ask(
    { turns: { question, history }, passages, meter }: { turns: OpenTurns; passages: PassageHit[]; meter: AnswerMeter },
    signal: AbortSignal,
  ): AsyncIterable<AnswerPart> {
    return this.provider.answer({ question, history, passages, maxOutputChars: MAX_OUTPUT_CHARS, meter }, signal);
  }

  private admit({ separator, text }: CutSentence, passages: PassageHit[], draft: AnswerDraft): boolean {
    const verified = this.verifier.verify(text, passages);
    if (verified.isSupported) draft.add(separator, verified);
    return verified.isSupported;
  }

  private *refuse(
    answer: ClaimedAnswer,
    draft: AnswerDraft,
    found: SearchResult,
    provenance: Composition['provenance'] = { search: searchProvenance(found) },
  ): Generator<void, Composition> {
    draft.addText(refusalText(found.language, answer.locale));
    yield;
    return { outcome: 'refused', provenance };
  }

  private provenance(
    found: SearchResult,
    end: EndPart | undefined,
    { droppedSentences, meter }: { droppedSentences: number; meter: AnswerMeter },
  ): Composition['provenance'] {
    return {
      search: searchProvenance(found),
      provider: this.provider.name,
      droppedSentences,
      ...(end && { model: end.model, endReason: end.reason }),
      ...(end?.usage && { usage: end.usage }),
      ...(meter.spent && { spent: meter.spent }),
      ...(meter.isSpent && { degraded: 'budget' as const }),
      ...(end?.finding && { finding: end.finding }),
    };
  }
}

/** The question is the heading of a snippet's text, and says more about it than a piece of the answer would. */
const citationOf = ({ snippetId, version, question }: CannedAnswer): Citation => ({
  marker: 1,
  documentId: snippetId,
  documentTitle: question,
  version,
  headingPath: [question],
  quote: question,
});
