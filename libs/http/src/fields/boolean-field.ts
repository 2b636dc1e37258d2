import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';

export interface BooleanFieldOptions extends FieldPresence {
  /** For query strings: `true` and `false` become the value. A JSON body must send a boolean. */
  fromText?: boolean;
}

const parseWord = Transform(({ value }: { value: unknown }) =>
  value === 'true' ? true : value === 'false' ? false : value,
);

export function BooleanField(options: BooleanFieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: Boolean, ...presenceDocs(options) }),
    ...presenceDecorators(options),
    IsBoolean({ message: 'must be true or false' }),
    ...(options.fromText === true ? [parseWord] : []),
  );
}
