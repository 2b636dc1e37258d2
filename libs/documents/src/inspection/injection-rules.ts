import type { InjectionRule } from './injection-rule';
import { MODEL_RULES } from './model-rules';
import { OVERRIDE_RULES } from './override-rules';
import { PERSONA_RULES } from './persona-rules';
import { REVEAL_RULES } from './reveal-rules';

/** Everything a document's text is searched for. A new rule is one entry in one of the tables. */
export const INJECTION_RULES: readonly InjectionRule[] = [
  ...OVERRIDE_RULES,
  ...REVEAL_RULES,
  ...PERSONA_RULES,
  ...MODEL_RULES,
];

/** What spaced-out letters are searched for once they are joined: words without blanks between them. */
const JOINED =
  /(?:ignore|disregard|forget|override|bypass)(?:all|any|the|my|your|these|those|of|previous|prior|above|earlier|other){1,6}(?:instruction|prompt|rule|guideline|direction|command)|(?:reveal|print|show|output|repeat)(?:me|your|the|all|full|entire|hidden){0,4}(?:systemprompt|prompt|instructions)/;

export const isJoinedInjection = (joined: string): boolean => JOINED.test(joined);
