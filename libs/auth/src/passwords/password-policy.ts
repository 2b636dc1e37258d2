import { AppError } from '@app/kernel';

import { effectiveLength } from './password-strength';

/** What the product asks of a new password. The minimum is the security guide's, the rest bounds work and abuse. */
const MIN_CHARACTERS = 12;
const MAX_CHARACTERS = 128;
const MAX_BYTES = 512;
/**
 * From this length no mix of classes is asked for (NIST SP 800-63B-4, 3.1.1.2: 15 as single factor, no composition
 * rules); below it, three of four classes, because the guide asks for complexity.
 */
const PASSPHRASE_CHARACTERS = 16;
const MIN_CLASSES = 3;
/** NIST SP 800-63B-4's absolute minimum length, applied to what is left after repetitions and sequences count once. */
const MIN_EFFECTIVE_CHARACTERS = 8;
/** Shorter names appear in honest passphrases by chance. */
const MIN_WHOLE_NAME_CHARACTERS = 5;
const MIN_WORD_CHARACTERS = 4;
const PRODUCT_NAMES = ['customercare', 'customercaregpt'];

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
const CONTROL = /\p{Cc}/u;

/** What an attacker knows of the account, and tries first. */
export interface PasswordContext {
  email?: string;
  name?: string;
  workspaceNames?: readonly string[];
}

/**
 * The one form in which a password is checked, hashed and verified: NFKC, so that the same characters typed on two
 * systems are the same password (NIST SP 800-63B-4, 3.1.1.2). Nothing is trimmed or cut.
 */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

const withoutSeparators = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const mailboxOf = (email: string): string => email.split('@')[0] ?? '';

/** Whole names, none of which may appear: what a guesser puts first and adds digits to. */
function wholeNames({ email = '', name = '', workspaceNames = [] }: PasswordContext): string[] {
  return [...PRODUCT_NAMES, email, mailboxOf(email), name, ...workspaceNames]
    .map(withoutSeparators)
    .filter((word) => word.length >= MIN_WHOLE_NAME_CHARACTERS);
}

/** Parts of those names. They may appear, but count for nothing: a passphrase with a surname in it is still a passphrase. */
function partialNames({ email = '', name = '', workspaceNames = [] }: PasswordContext): string[] {
  return [
    ...email.split(/[^\p{L}\p{N}]+/u),
    ...name.split(/\s+/),
    ...workspaceNames.flatMap((each) => each.split(/\s+/)),
  ]
    .map(withoutSeparators)
    .filter((word) => word.length >= MIN_WORD_CHARACTERS)
    .sort((a, b) => b.length - a.length);
}

/** The password is one of the names, or little more than pieces of them. */
function isMadeOfNames(text: string, context: PasswordContext): boolean {
  const plain = withoutSeparators(text);
  if (wholeNames(context).some((name) => plain.includes(name))) return true;
  const names = partialNames(context);
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), text.toLowerCase());
  return rest.length < text.length && effectiveLength(rest) < MIN_EFFECTIVE_CHARACTERS;
}

/** What is wrong with a new password, in words for the person who chose it; empty when nothing is. */
export function passwordFaults(password: string, context: PasswordContext = {}): string[] {
  const text = normalisePassword(password);
  const length = [...text].length;
  if (length < MIN_CHARACTERS) return [`must have at least ${MIN_CHARACTERS} characters`];
  if (length > MAX_CHARACTERS || Buffer.byteLength(text) > MAX_BYTES) {
    return [`must have at most ${MAX_CHARACTERS} characters`];
  }
  const faults: string[] = [];
  if (CONTROL.test(text)) faults.push('must not contain control characters');
  if (length < PASSPHRASE_CHARACTERS && CLASSES.filter((pattern) => pattern.test(text)).length < MIN_CLASSES) {
    faults.push(
      `must mix three of lower case, upper case, digits and other characters, or have ${PASSPHRASE_CHARACTERS} or more`,
    );
  }
  if (isMadeOfNames(text, context)) {
    faults.push('must not contain your name, your e-mail, the workspace or the product');
  }
  if (effectiveLength(text) < MIN_EFFECTIVE_CHARACTERS) {
    faults.push('must not be a repetition or a sequence');
  }
  return faults;
}

/** @throws AppError `auth.password-weak` with every fault, as `errors` on `password` */
export function mustBeStrongPassword(password: string, context: PasswordContext = {}): void {
  const faults = passwordFaults(password, context);
  if (faults.length === 0) return;
  throw new AppError('auth.password-weak', { errors: faults.map((message) => ({ path: 'password', message })) });
}
