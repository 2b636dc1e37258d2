import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** One rule that a decorator left at a field. */
interface Rule {
  /** `isLength`, `arrayMaxSize`…, or the kind of rule where it has no name of its own. */
  name: string;
  limits: unknown[];
  /** Holds for each item of a list. */
  isEach: boolean;
}

/** Where swagger's decorators list the fields of a class, each with a colon before it. */
const DOCUMENTED_FIELDS = 'swagger/apiModelPropertiesArray';

/** Rules that leave a few values only. */
const FIXED = new Set(['isIn', 'isBoolean', 'isUuidText']);

/**
 * What a DTO class lets in without a limit or unseen: texts, numbers and lists without a maximum, objects that no class
 * describes, fields that are documented and not checked. Written `CreateDto.name has no maximum`; nested classes too.
 */
export function listLooseFields(dto: Type<object>, seen = new Set<Type<object>>()): string[] {
  if (seen.has(dto)) return [];
  seen.add(dto);
  const rules = rulesOf(dto);
  const documented = (Reflect.getMetadata(DOCUMENTED_FIELDS, dto.prototype as object) ?? []) as string[]; // by swagger
  const names = new Set([...rules.keys(), ...documented.map((name) => name.slice(1))]);
  if (names.size === 0) return [`${dto.name} checks nothing`];
  return [...names].flatMap((name) => {
    const [nested, fault] = judge(dto, name, rules.get(name) ?? []);
    if (fault !== null) return [`${dto.name}.${name} ${fault}`];
    return nested === null ? [] : listLooseFields(nested, seen);
  });
}

function rulesOf(dto: Type<object>): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false)) {
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) continue; // says when to check, not what
    const rule = {
      name: metadata.name ?? metadata.type,
      limits: metadata.constraints ?? [],
      isEach: metadata.each === true,
    };
    rules.set(metadata.propertyName, [...(rules.get(metadata.propertyName) ?? []), rule]);
  }
  return rules;
}

/** The class of the objects in a field, or null; and what is wrong with the field, or null. */
function judge(dto: Type<object>, name: string, rules: Rule[]): [Type<object> | null, string | null] {
  const isList = rules.some((rule) => rule.name === 'isArray');
  if (isList && !rules.some((rule) => rule.name === 'arrayMaxSize' && isNumber(rule.limits[0]))) {
    return [null, 'is a list without a maximum'];
  }
  const own = rules.filter((rule) => rule.isEach === isList || rule.name === ValidationTypes.NESTED_VALIDATION);
  if (own.some((rule) => rule.name === ValidationTypes.NESTED_VALIDATION)) {
    const nested = classOfObjects(dto, name, isList);
    return nested === null ? [null, 'holds objects of no class'] : [nested, null];
  }
  if (own.length === 0) return [null, 'is not checked'];
  return [null, isBounded(own) ? null : 'has no maximum'];
}

function isBounded(rules: Rule[]): boolean {
  const limit = (name: string, index: number): boolean =>
    rules.some((rule) => rule.name === name && isNumber(rule.limits[index]));
  return (
    rules.some((rule) => FIXED.has(rule.name)) ||
    limit('isLength', 1) ||
    limit('maxLength', 0) ||
    (limit('max', 0) && limit('min', 0))
  );
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** Tried out, because class-transformer keeps what `@Type()` was told to itself. */
function classOfObjects(dto: Type<object>, name: string, isList: boolean): Type<object> | null {
  const probe = plainToInstance(dto, { [name]: isList ? [{}] : {} });
  const field: unknown = Reflect.get(probe, name);
  const made: unknown = Array.isArray(field) ? field[0] : field;
  if (typeof made !== 'object' || made === null || Object.getPrototypeOf(made) === Object.prototype) return null;
  return made.constructor as Type<object>; // an instance of a class
}
