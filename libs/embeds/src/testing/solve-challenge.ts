import type { Challenge, SolvedChallenge } from '@app/chat-protocol';
import { solveChallenge as solve } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';

/** What a visitor's browser sends back as `altcha`. */
export async function solveChallenge(challenge: Challenge): Promise<string> {
  const solution = await solve({ challenge, deriveKey });
  if (!solution) throw new Error('the challenge has no solution');
  return payloadOf({ challenge, solution });
}

export const payloadOf = (solved: SolvedChallenge): string => Buffer.from(JSON.stringify(solved)).toString('base64');
