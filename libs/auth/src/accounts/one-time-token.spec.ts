import { newId } from '@app/kernel';

import { hashOfSecret, newOneTimeSecret, oneTimeTokenText, readOneTimeToken } from './one-time-token';

describe('one-time tokens', () => {
  it('name their owner and hide 256 bits', () => {
    const [id, secret] = [newId(), newOneTimeSecret()];
    const text = oneTimeTokenText(id, secret);
    expect([secret.length, text.length]).toEqual([32, 64]);
    expect(readOneTimeToken(text)).toEqual({ ownerId: id, hash: hashOfSecret(secret) });
    expect(oneTimeTokenText(id, newOneTimeSecret())).not.toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['a short one', 'a'.repeat(63)],
    ['a long one', 'a'.repeat(65)],
    ['a JWT', 'a.b.c'],
    ['spaces', ' '.repeat(64)],
  ])('are not %s', (_, text) => {
    expect(readOneTimeToken(text)).toBeNull();
  });
});
