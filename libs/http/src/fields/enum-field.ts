import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';

export interface EnumFieldOptions extends FieldPresence {
  values: readonly string[];
}

/** One of a few fixed words. */
export function EnumField(options: EnumFieldOptions): PropertyDecorator {
  const { values } = options;
  return applyDecorators(
    ApiProperty({ type: String, enum: [...values], ...presenceDocs(options) }),
    ...presenceDecorators(options),
    IsIn(values, { message: `must be one of ${values.join(', ')}` }),
  );
}
