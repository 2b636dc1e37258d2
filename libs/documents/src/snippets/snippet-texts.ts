import { normaliseWording } from '@app/ai';
import { AppError } from '@app/kernel';
import { oneLine } from '../parsing/section-builder';
import type { SnippetTexts } from './snippet.entity';
import type { UpdateSnippetDto } from './snippets.dto';

const EMPTY: SnippetTexts = { question: '', alternatives: [], answer: '', isCanned: false, language: null };

/**
 * What a request makes of a snippet: what is left out stays. Wordings go on one line, without invisible characters; blank
 * and repeated ones are dropped. The answer stays as it was written.
 * @throws AppError `request.invalid` for a question that nobody can see
 */
export function changedTexts(input: UpdateSnippetDto, current: SnippetTexts = EMPTY): SnippetTexts {
  const question = oneLine(input.question ?? current.question);
  if (question === '') {
    throw new AppError('request.invalid', { errors: [{ path: 'question', message: 'must have visible characters' }] });
  }
  return {
    question,
    alternatives: distinct(question, (input.alternatives ?? current.alternatives).map(oneLine)),
    answer: input.answer ?? current.answer,
    isCanned: input.isCanned ?? current.isCanned,
    language: input.language === undefined ? current.language : input.language,
  };
}

/** The names of what is not the same. */
export const differences = (a: SnippetTexts, b: SnippetTexts): string[] =>
  Object.keys(EMPTY).filter(
    (name) => JSON.stringify(a[name as keyof SnippetTexts]) !== JSON.stringify(b[name as keyof SnippetTexts]), // own keys
  );

function distinct(question: string, alternatives: readonly string[]): string[] {
  const byWording = new Map(alternatives.map((text) => [normaliseWording(text), text]));
  byWording.delete('');
  byWording.delete(normaliseWording(question));
  return [...byWording.values()];
}
