import { randomUUID } from 'node:crypto';

export interface Substitution {
  name: string;
  /** As it stands in the path, percent-encoded where it has to be. */
  value: string;
  /** 404 for what is an id, though not one of theirs; 400 or 404 for everything else. */
  isId: boolean;
}

/**
 * What somebody may write where an id belongs.
 *
 * @param foreign the id of another company's thing of the same kind
 * @param own an id of their own, of the same kind
 * @param otherKind an id of their own, of another kind
 */
export function substitutions(foreign: string, own: string, otherKind: string): Substitution[] {
  const id = (name: string, value: string): Substitution => ({ name, value, isId: true });
  const junk = (name: string, value: string): Substitution => ({ name, value, isId: false });
  return [
    id('foreign', foreign),
    id('foreign in upper case', foreign.toUpperCase()),
    id('of nobody', randomUUID()),
    id('nil UUID', '00000000-0000-0000-0000-000000000000'),
    id('of another kind', otherKind),
    junk('foreign in braces', `%7B${foreign}%7D`),
    junk('foreign without hyphens', foreign.replace(/-/g, '')),
    junk('foreign with a space', `${foreign}%20`),
    junk('foreign with NUL', `${foreign}%00`),
    junk('foreign as a list', `[%22${foreign}%22]`),
    junk('two ids', `${own},${foreign}`),
    junk('empty', ''),
    junk('encoded space', '%20'),
    junk('null', 'null'),
    junk('undefined', 'undefined'),
    junk('not a UUID', 'me'),
    junk('number', '1'),
    junk('SQL', `${own}'%20or%20'1'='1`),
    junk('SQL with a union', `'%20union%20select%20*%20from%20users--`),
    junk('encoded slash', `${own}%2F${foreign}`),
    junk('traversal to the foreign one', `${own}%2F..%2F${foreign}`),
    junk('dots', '..'),
    junk('encoded dots', '%2e%2e%2f%2e%2e'),
    junk('broken encoding', '%E0%A4%A'),
    junk('wildcard', '*'),
  ];
}
