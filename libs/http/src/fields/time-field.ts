import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';

/** ISO 8601 with seconds and an offset, as `2026-03-01T09:30:00Z`; a fraction of up to six digits. */
const ISO = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const MAX_CHARS = 32;

/** `Date` reads 30 February as 2 March: a day that exists is the same when it is written again. */
function isRealTime(value: unknown): boolean {
  const day = typeof value === 'string' ? ISO.exec(value)?.[1] : undefined;
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const IsRealTime = ValidateBy({
  name: 'isRealTime',
  validator: { validate: isRealTime, defaultMessage: () => 'must be a time that exists' },
});

export interface TimeFieldOptions {
  optional?: boolean;
  /** null says "never". */
  nullable?: boolean;
  description?: string;
}

/** A moment with its offset. */
export function TimeField({
  optional = false,
  nullable = false,
  description,
}: TimeFieldOptions = {}): PropertyDecorator {
  const isGiven = (_dto: object, value: unknown): boolean =>
    !(optional && value === undefined) && !(nullable && value === null);
  return applyDecorators(
    ApiProperty({
      type: String,
      format: 'date-time',
      maxLength: MAX_CHARS,
      required: !optional,
      ...(nullable && { nullable }),
      ...(description !== undefined && { description }),
    }),
    ValidateIf(isGiven),
    Matches(ISO, { message: `must be a time such as 2026-03-01T09:30:00Z${nullable ? ', or null' : ''}` }),
    IsRealTime,
    MaxLength(MAX_CHARS, { message: `must have at most ${MAX_CHARS} characters` }),
  );
}
