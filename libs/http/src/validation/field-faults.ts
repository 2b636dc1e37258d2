import type { FieldFault } from '@app/kernel';
import type { ValidationError } from 'class-validator';

/** More than anybody reads, and an answer that stays small whatever was sent. */
const MAX_FAULTS = 50;
const MAX_PATH_CHARS = 200;

function* walk(errors: readonly ValidationError[], parent: string): Generator<FieldFault> {
  for (const error of errors) {
    const path = parent === '' ? error.property : `${parent}.${error.property}`;
    for (const message of messagesOf(error)) yield { path: path.slice(0, MAX_PATH_CHARS), message };
    yield* walk(error.children ?? [], path);
  }
}

/** A field that is not there breaks every rule it has; one sentence says why. */
function messagesOf({ constraints = {}, value }: ValidationError): string[] {
  const rules = Object.entries(constraints);
  if (rules.some(([rule]) => rule === 'whitelistValidation')) return ['is not a known field'];
  if (value === undefined && rules.length > 0) return ['is required'];
  return rules.map(([_rule, message]) => message);
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
