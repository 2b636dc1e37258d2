import type { SolvedChallenge } from '@app/chat-protocol';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { solve } from './main';

const SECRETS = { hmacSignatureSecret: 'one', hmacKeySignatureSecret: 'two' };
const made = (counter: number) =>
  createChallenge({ algorithm: 'PBKDF2/SHA-256', cost: 10, counter, deriveKey, data: { embedId: 'e' }, ...SECRETS });
const never = (): AbortSignal => new AbortController().signal;

describe('The solver of challenges', () => {
  const { navigator } = globalThis;
  const setCores = (hardwareConcurrency: number | undefined): void =>
    void Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency }, configurable: true });
  afterEach(() => void Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true }));

  it.each([
    [1, 0],
    [1, 37],
    [2, 38],
    [4, 41],
    [64, 499],
    [undefined, 5],
  ])('finds on %p cores the number %d that the server drew, and the server takes it', async (cores, counter) => {
    setCores(cores);
    const altcha = await solve(await made(counter), never());
    const { challenge, solution } = JSON.parse(atob(altcha ?? '')) as SolvedChallenge;
    expect(solution.counter).toBe(counter);
    expect(await verifySolution({ challenge, solution, deriveKey, ...SECRETS })).toMatchObject({ verified: true });
    expect((altcha ?? '').length).toBeLessThanOrEqual(2048);
  });

  it('stops when the widget goes', async () => {
    setCores(2);
    const gone = new AbortController();
    const solving = solve(await made(4_000_000_000), gone.signal);
    gone.abort();
    expect(await solving).toBeNull();
  });

  it('says so when this browser cannot', async () => {
    setCores(1);
    const challenge = await made(3);
    const parameters = { ...challenge.parameters, algorithm: 'ARGON2ID' };
    expect(await solve({ ...challenge, parameters }, never())).toBeNull();
  });
});
