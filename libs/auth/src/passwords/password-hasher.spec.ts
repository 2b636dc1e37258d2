import { PasswordHasher, PasswordWork } from './password-hasher';

const PASSWORD = 'seven quiet otters paint';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher(new PasswordWork());

  it('makes argon2id hashes of at least m=19456, t=2, p=1 that are never the same twice', async () => {
    const [first, second] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(second).not.toBe(first);
    expect(hasher.isOutdated(first)).toBe(false);
  });

  it('accepts the password in every normalisation and nothing else', async () => {
    const hash = await hasher.hash('Caf\u00e9 au lait 2 go');
    expect(await hasher.verify(hash, 'Cafe\u0301 au lait 2 go')).toBe(true);
    expect(await hasher.verify(hash, 'Café au lait 2 g0')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
  });

  it('does not cut long passwords: a difference after 72 bytes is a difference', async () => {
    const long = 'a long walk by the sea '.repeat(5);
    const hash = await hasher.hash(`${long}1`);
    expect(await hasher.verify(hash, `${long}2`)).toBe(false);
  });

  it('does for an account that does not exist the work it does for one that exists', async () => {
    const hash = await hasher.hash(PASSWORD);
    const time = async (subject: string | null): Promise<number> => {
      const startedAt = process.hrtime.bigint();
      await hasher.verify(subject, 'wrong password');
      return Number(process.hrtime.bigint() - startedAt);
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 7; round += 1) {
      known.push(await time(hash));
      unknown.push(await time(null));
    }
    // An early return would be thousands of times faster. Of several times the least has the least of the machine's noise.
    const ratio = Math.min(...unknown) / Math.min(...known);
    expect(ratio).toBeGreaterThan(1 / 10);
    expect(ratio).toBeLessThan(10);
    expect(await hasher.verify(null, PASSWORD)).toBe(false);
  });

  it.each([
    ['less memory', '$argon2id$v=19$m=4096,t=2,p=1$c2FsdHNhbHQ$aGFzaA', true],
    ['fewer passes', '$argon2id$v=19$m=19456,t=1,p=1$c2FsdHNhbHQ$aGFzaA', true],
    ['another algorithm', '$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA', true],
    ['more of both', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA', false],
  ])('knows whether a hash with %s must be made again', (_, hash, isOutdated) => {
    expect(hasher.isOutdated(hash)).toBe(isOutdated);
  });
});
