import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';

export interface IntegerFieldOptions extends FieldPresence {
  min: number;
  max: number;
  /** What the DTO's initialiser gives when the field is left out; also makes it optional. */
  default?: number;
  /** For query strings: decimal digits become the number. A JSON body must send a number. */
  fromText?: boolean;
}

const DIGITS = /^-?\d{1,15}$/;
const parseDigits = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && DIGITS.test(value) ? Number(value) : value,
);

/** A whole number between `min` and `max`, both included. */
export function IntegerField(options: IntegerFieldOptions): PropertyDecorator {
  const { min, max, fromText = false } = options;
  const presence = { ...options, optional: options.optional ?? options.default !== undefined };
  return applyDecorators(
    ApiProperty({
      type: 'integer',
      minimum: min,
      maximum: max,
      ...(options.default !== undefined && { default: options.default }),
      ...presenceDocs(presence),
    }),
    ...presenceDecorators(presence),
    IsInt({ message: 'must be a whole number' }),
    Min(min, { message: `must be at least ${min}` }),
    Max(max, { message: `must be at most ${max}` }),
    ...(fromText ? [parseDigits] : []),
  );
}
