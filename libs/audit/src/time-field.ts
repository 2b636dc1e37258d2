import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';

/** ISO 8601 with seconds and an offset, as `2026-03-01T09:30:00Z`; a fraction of up to six digits. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;

const IsRealTime = ValidateBy({
  name: 'isRealTime',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    defaultMessage: () => 'must be a time that exists',
  },
});

const MAX_CHARS = 32;

/** A moment with its offset. */
export function TimeField({ optional = false }: { optional?: boolean } = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time', maxLength: MAX_CHARS, required: !optional }),
    ...(optional ? [ValidateIf((_dto: object, value: unknown) => value !== undefined)] : []),
    Matches(ISO, { message: 'must be a time such as 2026-03-01T09:30:00Z' }),
    IsRealTime,
    MaxLength(MAX_CHARS, { message: `must have at most ${MAX_CHARS} characters` }),
  );
}
