/**
 * Characters a reader never sees and a model reads: zero-width (U+200B–200F, 2060–2064, FEFF), bidi controls (202A–202E,
 * 2066–2069), tag characters (E0000–E007F), soft hyphen, variation selectors of the supplement, and controls other than
 * tab and line feed. Zero-width joiners go too; they matter for display only.
 */
const INVISIBLE =
  /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;

/** Role and fence tokens of the common chat formats: `<|im_start|>`, `[INST]`, `<<SYS>>`, `</context>`, `### System:`. */
const ROLE_TOKENS =
  /<\|[^|<>\n]{0,40}\|>|<\/?(?:system|user|assistant|model|context|passages?|s)\b[^<>\n]{0,40}>|<<\/?SYS>>|\[\/?INST\]/giu;
const ROLE_HEADINGS = /^[ \t]*(?:#{1,6}[ \t]*)?(system|assistant|developer|model)[ \t]*:/gimu;

/**
 * A text as it may be put before a model: invisible characters gone, role tokens made harmless, the visible words kept.
 * The stored original stays as it is. (docs/security: injection must have no effect even if the model obeys it; this
 * removes the cheap ways to make it obey.)
 */
export function sanitiseForModel(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replace(ROLE_TOKENS, (token) => token.replace(/[<>|[\]]/gu, ' '))
    .replace(ROLE_HEADINGS, (_, role: string) => `${role} –`);
}
