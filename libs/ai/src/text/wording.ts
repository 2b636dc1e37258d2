import { sha256 } from '@app/crypto';

/** Seen by nobody: joiners, direction marks, soft hyphens, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** What people type for an apostrophe though it is a letter or an accent by itself. */
const APOSTROPHES = /(?<=\p{L})[ʼ`´](?=\p{L})/gu;
/** Spaces and punctuation, but for the marks that tell C from C#, 5 from 5 % and R&D from R D. */
const SEPARATORS = /(?:(?![#%&@*/\\§])[\p{P}\p{Z}\s])+/gu;
/** Turkish İ in lower case is an i with a dot of its own. */
const DOTTED_I = /i\u0307/gu;

/**
 * A question as it is compared for being the same: compatible forms (NFKC), case, punctuation and spaces do not count;
 * every letter, mark, number and symbol does. Never empty for a text that is not blank.
 *
 * Case is folded by way of capitals, which makes ß the same as ss and knows all forms of sigma (Unicode, 3.13).
 */
export function normaliseWording(text: string): string {
  const visible = text.replace(APOSTROPHES, "'").normalize('NFKC').replace(INVISIBLE, '');
  const folded = visible.toUpperCase().toLowerCase().normalize('NFKC').replace(DOTTED_I, 'i');
  const words = folded.replace(SEPARATORS, ' ').trim();
  return words === '' ? folded.replace(/\s+/gu, ' ').trim() : words;
}

/** What wordings are looked up by: 32 bytes, equal for what `normaliseWording` takes for the same. */
export const wordingHash = (text: string): Buffer => sha256(normaliseWording(text));
