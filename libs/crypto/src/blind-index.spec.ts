import { randomBytes } from 'node:crypto';

import { BlindIndex } from './blind-index';

describe('A26 blind index', () => {
  const index = new BlindIndex(randomBytes(32));
  const scope = { table: 'users', column: 'email', workspaceId: 'workspace-1' };
  const found = index.of(scope, 'anna@example.com');

  it('is the same 16 bytes for the same value', () => {
    expect(found).toHaveLength(16);
    expect(index.of(scope, 'anna@example.com')).toEqual(found);
  });

  it.each([
    ['value', index.of(scope, 'anna@example.org')],
    ['tenant', index.of({ ...scope, workspaceId: 'workspace-2' }, 'anna@example.com')],
    ['column', index.of({ ...scope, column: 'name' }, 'anna@example.com')],
    ['installation', new BlindIndex(randomBytes(32)).of(scope, 'anna@example.com')],
  ])('is another for another %s', (_, other) => {
    expect(other).not.toEqual(found);
  });
});
