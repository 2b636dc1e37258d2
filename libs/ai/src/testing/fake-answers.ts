import { type AnswerPart, AnswerProvider, type AnswerRequest } from '../answer-provider';

type Script = (request: AnswerRequest) => Iterable<AnswerPart | Error> | AsyncIterable<AnswerPart | Error>;

/** Answers what the test wrote down; an Error in the script is thrown at that point. */
export class FakeAnswers extends AnswerProvider {
  readonly name = 'fake';
  /** Every request, in order. */
  readonly requests: AnswerRequest[] = [];

  /** @param script parts to yield; by default the first passage, word by word, and its marker. */
  constructor(private readonly script: Script = quoteFirstPassage) {
    super();
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart> {
    signal.throwIfAborted();
    this.requests.push(request);
    for await (const part of this.script(request)) {
      signal.throwIfAborted();
      if (part instanceof Error) throw part;
      yield part;
    }
  }
}

function* quoteFirstPassage({ passages, maxOutputChars }: AnswerRequest): Iterable<AnswerPart> {
  const [first] = passages;
  let room = maxOutputChars;
  for (const word of first ? (`${first.text} [1]`.match(/\s*\S+/g) ?? []) : []) {
    if (word.length > room) {
      yield { type: 'end', reason: 'length', model: 'fake' };
      return;
    }
    room -= word.length;
    yield { type: 'text', text: word };
  }
  yield { type: 'end', reason: first ? 'complete' : 'no-answer', model: 'fake' };
}
