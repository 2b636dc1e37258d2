import { sha256 } from '@app/crypto';
import { newId } from '@app/kernel';

import { settingsForTests } from '../testing/settings-for-tests';
import { RefreshTokens } from './refresh-tokens';

describe('RefreshTokens', () => {
  const tokens = new RefreshTokens(settingsForTests());
  const sessionId = newId();

  it('makes opaque tokens that name the session, and never the same one twice', () => {
    const first = tokens.first(sessionId);
    expect(first.text).toMatch(new RegExp(`^${sessionId}\\.[A-Za-z0-9_-]{64}$`));
    expect(tokens.first(sessionId).text).not.toBe(first.text);
  });

  it('stores a hash that is not in the token', () => {
    const token = tokens.first(sessionId);
    expect(token.hash).toEqual(sha256(token.secret));
    expect(Buffer.from(token.text.split('.')[1] ?? '', 'base64url').includes(token.hash)).toBe(false);
  });

  it('reads back what it issued', () => {
    const token = tokens.first(sessionId);
    expect(tokens.read(token.text)).toEqual(token);
  });

  it('gives the same successor for the same token, and another one for each other token', () => {
    const token = tokens.first(sessionId);
    const next = tokens.successorOf(token);
    expect(tokens.successorOf(token)).toEqual(next);
    expect(tokens.read(next.text)).toEqual(next);
    expect(tokens.successorOf(next).text).not.toBe(next.text);
    expect(next.text).not.toBe(token.text);
  });

  it('does not read a token with any character of it changed', () => {
    const { text } = tokens.first(sessionId);
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'b' ? 'c' : 'b';
      expect(tokens.read(text.slice(0, index) + other + text.slice(index + 1))).toBeNull();
    }
  });

  it('does not read the token of one session as that of another', () => {
    const [, secret = ''] = tokens.first(sessionId).text.split('.');
    expect(tokens.read(`${newId()}.${secret}`)).toBeNull();
  });

  it('does not read tokens made with another key', () => {
    expect(new RefreshTokens(settingsForTests()).read(tokens.first(sessionId).text)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['an access token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'],
    ['a session id alone', newId()],
    ['a made-up secret', `${newId()}.${'A'.repeat(64)}`],
    ['a long text', 'x'.repeat(100_000)],
  ])('does not read %s', (_, text) => {
    expect(tokens.read(text)).toBeNull();
  });
});
