import { AppError } from '@app/kernel';

import { isBreached } from './breached-passwords';
import { readings } from './leet';
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

/** What guessers begin with, whatever digits and signs follow. They may appear, but count for nothing. */
const GUESSED_WORDS = [
  ...['password', 'passwort', 'passw0rd', 'welcome', 'willkommen', 'letmein', 'changeme', 'iloveyou', 'administrator'],
  ...['admin', 'secret', 'qwerty', 'football', 'baseball', 'sunshine', 'princess', 'monkey', 'dragon', 'superman'],
  ...['summer', 'winter', 'spring', 'autumn', 'sommer', 'january', 'february', 'september', 'october', 'november'],
];

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
  // `4nn4` is Anna; a name with digits in it is found as it stands.
  const plain = readings(text.toLowerCase()).map(withoutSeparators);
  if (wholeNames(context).some((name) => plain.some((reading) => reading.includes(name)))) return true;
  const names = partialNames(context);
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), text.toLowerCase());
  return rest.length < text.length && effectiveLength(rest) < MIN_EFFECTIVE_CHARACTERS;
}

/** Little more than a word every guesser begins with. */
const isGuessedWord = (text: string): boolean =>
  readings(text.toLowerCase()).some((reading) => {
    const rest = GUESSED_WORDS.reduce((left, word) => left.replaceAll(word, ''), reading);
    return rest.length < reading.length && effectiveLength(rest) < MIN_EFFECTIVE_CHARACTERS;
  });

/** Which code the problem gets; the first that applies. */
type FaultCode = 'auth.password-breached' | 'auth.password-context' | 'auth.password-weak';
const CODES: readonly FaultCode[] = ['auth.password-breached', 'auth.password-context', 'auth.password-weak'];

export interface PasswordFault {
  readonly code: FaultCode;
  /** In words for the person who chose the password. */
  readonly message: string;
}

const weak = (message: string): PasswordFault => ({ code: 'auth.password-weak', message });

/** What is wrong with a new password; empty when nothing is. */
export function passwordFaults(password: string, context: PasswordContext = {}): PasswordFault[] {
  const text = normalisePassword(password);
  const length = [...text].length;
  if (length < MIN_CHARACTERS) return [weak(`must have at least ${MIN_CHARACTERS} characters`)];
  if (length > MAX_CHARACTERS || Buffer.byteLength(password) > MAX_BYTES) {
    return [weak(`must have at most ${MAX_CHARACTERS} characters and ${MAX_BYTES} bytes`)];
  }
  const faults: PasswordFault[] = [];
  if (CONTROL.test(text)) faults.push(weak('must not contain control characters'));
  if (length < PASSPHRASE_CHARACTERS && CLASSES.filter((pattern) => pattern.test(text)).length < MIN_CLASSES) {
    faults.push(
      weak(
        `must mix three of lower case, upper case, digits and other characters, or have ${PASSPHRASE_CHARACTERS} or more`,
      ),
    );
  }
  if (isMadeOfNames(text, context)) {
    const message = 'must not contain your name, your e-mail, the workspace or the product';
    faults.push({ code: 'auth.password-context', message });
  }
  if (effectiveLength(text) < MIN_EFFECTIVE_CHARACTERS) faults.push(weak('must not be a repetition or a sequence'));
  if (isGuessedWord(text)) faults.push(weak('must not be a well-known word with something added'));
  if (isBreached(text)) faults.push({ code: 'auth.password-breached', message: 'is in lists of stolen passwords' });
  return faults;
}

/**
 * @throws AppError `auth.password-breached`, else `auth.password-context`, else `auth.password-weak`, with every fault
 * as `errors` on `password`
 */
export function mustBeStrongPassword(password: string, context: PasswordContext = {}): void {
  const faults = passwordFaults(password, context);
  const code = CODES.find((each) => faults.some((fault) => fault.code === each));
  if (code) throw new AppError(code, { errors: faults.map(({ message }) => ({ path: 'password', message })) });
}
