import type { FieldFault } from '@app/kernel';
import type { ValidationError } from 'class-validator';

/** More than anybody reads, and an answer that stays small whatever was sent. */
const MAX_FAULTS = 50;
const MAX_PATH_CHARS = 200;

function* walk(errors: readonly ValidationError[], parent: string): Generator<FieldFault> {
  for (const error of errors) {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      yield {
        path: path.slice(0, MAX_PATH_CHARS),
        message: rule === 'whitelistValidation' ? 'is not a known field' : message,
      };
    }
    yield* walk(error.children ?? [], path);
  }
}

/** class-validator's tree as a flat list of dotted paths; values are never part of it. */
export function toFieldFaults(errors: readonly ValidationError[]): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const fault of walk(errors, '')) {
    if (faults.length === MAX_FAULTS) break;
    faults.push(fault);
  }
  return faults;
}
