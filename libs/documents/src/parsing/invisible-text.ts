/** Characters without a shape, in a number or order that no writing system needs. */
export interface InvisibleText {
  readonly rule: 'tag-characters' | 'zero-width-in-words' | 'zero-width-run' | 'bidi-override' | 'variation-selectors';
  /** What tag characters say; of the others the text around them, without them. At most 500 characters. */
  readonly text: string;
}

const MAX_CHARS = 500;
const AROUND_CHARS = 60;
/** Any of the below, as a cheap first look. */
const ANY = /[\u00ad\u200b-\u200f\u202d\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u{e0000}-\u{e01ef}]/u;
/** A black flag with tags is the flag of a region (Unicode Technical Standard 51, annex C): England, Scotland, Wales. */
const REGION_FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}/gu;
const TAGS = /[\u{e0001}-\u{e007f}]+/gu;
const TAG_BASE = 0xe0000;
/** Joiners in Persian, Hindi and emoji, soft hyphens between syllables and blanks without width in Thai never do this. */
const PATTERNS: readonly (readonly [Exclude<InvisibleText['rule'], 'tag-characters'>, RegExp])[] = [
  [
    'zero-width-in-words',
    /(?:[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}][\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+){4}/u,
  ],
  ['zero-width-run', /[\u200b-\u200f\u2060-\u2064\ufeff]{8}/u],
  ['bidi-override', /[\u202d\u202e]/u],
  ['variation-selectors', /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{4}/u],
];
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u{e0000}-\u{e01ef}]/gu;

/** At most one of each rule; what single marks, joiners and byte order marks do is not among them. Linear time. */
export function invisibleTextIn(text: string): InvisibleText[] {
  if (!ANY.test(text)) return [];
  const found: InvisibleText[] = [];
  const tags = (text.replace(REGION_FLAG, '').match(TAGS) ?? []).join('');
  const said = [...tags].map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? TAG_BASE) - TAG_BASE)).join('');
  if (tags) found.push({ rule: 'tag-characters', text: said.replace(/[^ -~]/g, '').slice(0, MAX_CHARS) });
  for (const [rule, pattern] of PATTERNS) {
    const at = pattern.exec(text)?.index;
    if (at !== undefined) found.push({ rule, text: around(text, at) });
  }
  return found;
}

function around(text: string, at: number): string {
  const from = Math.max(0, at - AROUND_CHARS);
  return text.slice(from, from + MAX_CHARS).replace(INVISIBLE, '');
}
