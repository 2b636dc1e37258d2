import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const IsUuidText = ValidateBy({
  name: 'isUuidText',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && UUID.test(value),
    defaultMessage: () => 'must be a UUID',
  },
});

const lowerCase = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.toLowerCase() : value,
);

/** A UUID of any version in its usual form, in lower case as the database compares it. */
export function UuidField(options: FieldPresence = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'uuid', maxLength: 36, ...presenceDocs(options) }),
    ...presenceDecorators(options),
    IsUuidText,
    lowerCase,
  );
}
