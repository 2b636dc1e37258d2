import { AppError } from '@app/kernel';

/** Deeper than any DTO; class-transformer recurses, so an unbounded depth would overflow the stack. */
const MAX_DEPTH = 16;
/** More than any DTO has, lists included; each key costs class-transformer and class-validator a visit. */
const MAX_NODES = 10_000;

/** Names with a meaning of their own to JavaScript; class-transformer drops them without a word. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses what no DTO of ours could accept before anything recursive touches it. Iterative on purpose.
 *
 * @throws AppError `request.invalid` when `value` is not an object, is nested too deeply, has too many
 * parts or a key with a meaning to JavaScript
 */
export function assertPlain(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('must be an object');
  let level: object[] = [value];
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_DEPTH) refuse('is nested too deeply');
    const next: object[] = [];
    for (const node of level) {
      for (const [key, child] of Object.entries<unknown>({ ...node })) {
        nodes += 1;
        if (RESERVED.has(key)) refuse('is not a known field', key);
        if (nodes > MAX_NODES) refuse('has too many parts');
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
}

function refuse(message: string, path = ''): never {
  throw new AppError('request.invalid', { errors: [{ path, message }] });
}
