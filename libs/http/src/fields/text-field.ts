import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';
import { type TextLimits, textRules } from './text-rules';

export interface TextFieldOptions extends FieldPresence, TextLimits {
  /** Take white space off both ends before anything is checked. Never for passwords. */
  trim?: boolean;
}

const trimText = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Text of at most `max` characters, kept exactly as sent: markup is text, and output encodes it. */
export function TextField(options: TextFieldOptions): PropertyDecorator {
  const { min = 1, max, trim = false } = options;
  return applyDecorators(
    ApiProperty({ type: String, minLength: min, maxLength: max, ...presenceDocs(options) }),
    ...presenceDecorators(options),
    ...textRules({ min, max }),
    ...(trim ? [trimText] : []),
  );
}
