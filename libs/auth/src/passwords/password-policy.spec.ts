import { AppError } from '@app/kernel';

import { mustBeStrongPassword, normalisePassword, passwordFaults } from './password-policy';

const anna = { email: 'anna.schmidt@example.com', name: 'Anna Schmidt', workspaceNames: ['Blue Kettle'] };

describe('A03 password policy', () => {
  it.each([
    ['three classes in twelve characters', 'gravel-Moth7'],
    ['twelve characters without case but with three classes', 'Ünder-4-mäps'],
    ['sixteen lower-case characters', 'dulcet ferry moo'],
    ['a passphrase of lower-case words', 'seven quiet otters paint'],
    ['spaces at both ends', ' gravel Moth7  '],
    ['exactly 128 characters', 'k7#'.padEnd(128, 'wjtxoqmelauvz59r-pnb')],
    ['letters of a script without case', '静かな川辺で七羽の鴨が昼寝をしている'],
    ['a surname inside a real passphrase', 'schmidt keeps nine brown hens'],
    ['a unit of more than eight characters, twice', 'flinty-owls flinty-owls '],
    ['a short sequence inside something else', 'moat1234Grovel'],
  ])('accepts %s', (_, password) => {
    expect(passwordFaults(password, anna)).toEqual([]);
  });

  it.each([
    ['eleven characters', 'gravel-Mot7', 'at least 12'],
    ['129 characters', 'k7#'.padEnd(129, 'wjtxoqmelauvz59r-pnb'), 'at most 128'],
    ['more than 512 bytes', '𝒳🦊'.repeat(64) + '🦊', 'at most 128'],
    ['twelve lower-case characters', 'dulcet ferry', 'three of'],
    ['two classes in fifteen characters', 'dulcet1ferry1mo', 'three of'],
    ['a NUL', 'gravel-\u0000Moth7', 'control'],
    ['a line break', 'gravel-\nMoth7x', 'control'],
    ['the e-mail address', 'anna.schmidt@example.com', 'must not contain your name'],
    ['the name of the mailbox with digits', 'AnnaSchmidt2024!', 'must not contain your name'],
    ['the name in other case and punctuation', 'x-ANNA_schmidt-7q', 'must not contain your name'],
    ['a surname and little else', 'Schmidt-2024!', 'must not contain your name'],
    ['the workspace with digits', 'blue-kettle 2024', 'must not contain your name'],
    ['the product with digits', 'CustomerCare#2024', 'must not contain your name'],
    ['one character repeated', 'aaaaaaaaaaaaaaaaaaaa', 'repetition'],
    ['a short unit repeated', 'Tr0ub4Tr0ub4Tr0ub4', 'repetition'],
    ['the alphabet and the digits', 'Abcdefgh123456!', 'repetition'],
    ['a sequence downwards', 'zyxwvuTSRQ9876', 'repetition'],
    ['a walk over the keyboard', 'Qwertyuiop12!', 'repetition'],
  ])('refuses %s', (_, password, fault) => {
    expect(passwordFaults(password, anna).join()).toContain(fault);
  });

  it('counts characters and not code units or bytes', () => {
    expect(passwordFaults('🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔1')).not.toContain('must have at least 12 characters');
    expect(passwordFaults('🦊🐻🐼🐨🐯🦁🐮1').join()).toContain('at least 12');
  });

  it('treats composed and decomposed characters as the same password', () => {
    expect(normalisePassword('Cafe\u0301 noir 99')).toBe(normalisePassword('Caf\u00e9 noir 99'));
    expect(normalisePassword('ﬁne Ｗine')).toBe('fine Wine');
  });

  it('names every fault on the password field and repeats no part of the password', () => {
    const attempt = () => mustBeStrongPassword('aaaaaaaaaaaa', {});
    expect(attempt).toThrow(AppError);
    try {
      attempt();
    } catch (error) {
      const problem = error instanceof AppError ? error.toProblem() : undefined;
      expect(problem).toMatchObject({ status: 400, code: 'auth.password-weak' });
      expect(problem?.errors).toHaveLength(2);
      expect(problem?.errors?.every(({ path }) => path === 'password')).toBe(true);
      expect(JSON.stringify(problem)).not.toContain('aaaa');
    }
  });
});
