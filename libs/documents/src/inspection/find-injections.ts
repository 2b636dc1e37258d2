import { decodeEncodings } from './decode-encodings';
import { foldText } from './fold-text';
import { INJECTION_RULES, isJoinedInjection } from './injection-rules';
import { joinSpacedLetters } from './spaced-letters';

/** Shown before the place itself. */
const CONTEXT_CHARS = 30;

interface Match {
  readonly rule: string;
  readonly excerpt: string;
}

/** Every rule that a stretch of text matches, with the text around the first place, folded. */
export function findInjections(text: string): Match[] {
  const matches = matchRules(text);
  for (const { encoding, text: decoded } of decodeEncodings(text)) {
    if (matchRules(decoded).length > 0) matches.push({ rule: `encoded-${encoding}`, excerpt: decoded });
  }
  return matches;
}

function matchRules(text: string): Match[] {
  const folded = foldText(text);
  const matches: Match[] = [];
  for (const { name, pattern } of INJECTION_RULES) {
    const at = pattern.exec(folded)?.index;
    if (at !== undefined)
      matches.push({ rule: name, excerpt: folded.slice(Math.max(0, at - CONTEXT_CHARS), at + 200) });
  }
  const joined = joinSpacedLetters(folded);
  if (isJoinedInjection(joined)) matches.push({ rule: 'letters-spaced-out', excerpt: joined });
  return matches;
}
