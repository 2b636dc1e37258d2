import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, Matches } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';
import { textRules } from './text-rules';

/** RFC 5321, 4.5.3.1.3: a path has 256 octets with its brackets. */
const MAX_EMAIL_CHARS = 254;

/** Quoted and commented addresses are e-mail addresses, but nobody has one and mailers read them differently. */
const MAILABLE = /^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/;

const normalise = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.trim().toLowerCase() : value,
);

/** An e-mail address in lower case, without white space around it: the form accounts are found by. */
export function EmailField(options: FieldPresence = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'email', maxLength: MAX_EMAIL_CHARS, ...presenceDocs(options) }),
    ...presenceDecorators(options),
    ...textRules({ min: 3, max: MAX_EMAIL_CHARS }),
    IsEmail({}, { message: 'must be an e-mail address' }),
    Matches(MAILABLE, { message: 'must be an e-mail address' }),
    normalise,
  );
}
