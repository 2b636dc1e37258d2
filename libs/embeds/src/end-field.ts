import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';

/** ISO 8601 with seconds and an offset. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;
const MAX_CHARS = 29;

const IsRealTime = ValidateBy({
  name: 'isRealTime',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    defaultMessage: () => 'must be a time that exists',
  },
});

/** A moment with its offset that may be left out, or null for "never". */
export const EndField = ({ description }: { description: string }): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      type: String,
      format: 'date-time',
      maxLength: MAX_CHARS,
      required: false,
      nullable: true,
      description,
    }),
    ValidateIf((_dto: object, value: unknown) => value !== undefined && value !== null),
    Matches(ISO, { message: 'must be a time such as 2026-03-01T09:30:00Z, or null' }),
    IsRealTime,
    MaxLength(MAX_CHARS, { message: `must have at most ${MAX_CHARS} characters` }),
  );
