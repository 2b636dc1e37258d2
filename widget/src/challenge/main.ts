import type { Challenge } from '@app/chat-protocol';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

/** Browsers derive keys on threads of their own; more at once than these would heat a phone for nothing. */
const MAX_LANES = 4;
/** Far more than an old phone needs for the hardest challenge, and less than a challenge lives. */
const TIMEOUT_MS = 90_000;

/**
 * Solves a challenge without holding the page up: every derivation is WebCrypto's, which works beside the main thread, so
 * no worker is needed, and nothing that a content security policy would have to allow.
 * @returns what the server wants as `altcha`; null when this browser cannot, took too long or was told to stop
 */
export async function solve(challenge: Challenge, signal: AbortSignal): Promise<string | null> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop);
  const lanes = Math.min(MAX_LANES, navigator.hardwareConcurrency || 1);
  const search = async (counterStart: number): Promise<{ counter: number; derivedKey: string }> => {
    const found = await solveChallenge({
      ...{ challenge, deriveKey, controller, counterStart },
      counterStep: lanes,
      timeout: TIMEOUT_MS,
    });
    if (!found) throw new Error('stopped');
    return { counter: found.counter, derivedKey: found.derivedKey };
  };
  try {
    const solution = await Promise.any(Array.from({ length: lanes }, (_, lane) => search(lane)));
    return btoa(JSON.stringify({ challenge, solution }));
  } catch {
    return null;
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}
