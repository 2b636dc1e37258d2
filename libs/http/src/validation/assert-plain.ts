import { AppError } from '@app/kernel';

/** Deeper than any DTO; class-transformer recurses, so an unbounded depth would overflow the stack. */
const MAX_DEPTH = 16;
/** More than any DTO has, lists included; each key costs class-transformer and class-validator a visit. */
const MAX_NODES = 10_000;

/**
 * Refuses what no DTO of ours could accept before anything recursive touches it. Iterative on purpose.
 *
 * @throws AppError `request.invalid` when `value` is not an object, is nested too deeply or has too many parts
 */
export function assertPlain(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('must be an object');
  let level: object[] = [value];
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_DEPTH) refuse('is nested too deeply');
    const next: object[] = [];
    for (const node of level) {
      for (const child of Object.values<unknown>({ ...node })) {
        nodes += 1;
        if (nodes > MAX_NODES) refuse('has too many parts');
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
}

function refuse(message: string): never {
  throw new AppError('request.invalid', { errors: [{ path: '', message }] });
}
