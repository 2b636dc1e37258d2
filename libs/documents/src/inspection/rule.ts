import type { InjectionRule } from './injection-rule';
import { phrase } from './phrase';

/** A language model by the names it goes by, for patterns of English text. */
export const AI =
  '(?:ai|a\\.i\\.|chat ?gpt|chat ?gtp|gpt(?:-?\\d)?|llm|large language model|language model|chat ?bot|ai (?:model|assistant|agent|system))';

/** @param languages ISO 639-1, separated by blanks */
export const rule = (name: string, languages: string, source: string): InjectionRule => ({
  name,
  languages: languages.split(' '),
  pattern: phrase(source),
});
