import { randomInt } from 'node:crypto';

/** Crockford's base 32, five bits a letter: no I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;

/** A random code for people to copy by hand. */
export const newTypedCode = (letters: number): string =>
  Array.from({ length: letters }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** As it is shown: in groups of four. */
export const inGroups = (code: string): string => (code.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-');

/** The code behind what people make of it when they copy it. */
export const readTypedCode = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
