import type { SolvedChallenge } from '@app/chat-protocol';

const SIGNATURE = /^[0-9a-f]{64}$/;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a visitor sent as `altcha`, or null. Looks only as far as the signature and the solution: what is inside
 * `parameters` may be anything until the signature over them has been checked.
 */
export function readSolution(text: string): (SolvedChallenge & { challenge: { signature: string } }) | null {
  const value = parse(text);
  if (!isFields(value) || !isFields(value.challenge) || !isFields(value.solution)) return null;
  const { parameters, signature } = value.challenge;
  const { counter, derivedKey } = value.solution;
  if (!isFields(parameters) || typeof signature !== 'string' || !SIGNATURE.test(signature)) return null;
  if (typeof counter !== 'number' || typeof derivedKey !== 'string') return null;
  // The signature vouches for the parameters: the server wrote them.
  const challenge = { parameters: parameters as unknown as SolvedChallenge['challenge']['parameters'], signature };
  return { challenge, solution: { counter, derivedKey } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return null;
  }
}
