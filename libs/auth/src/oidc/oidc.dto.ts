import { EnumField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import type { OwnIdentity } from './identities.service';

const MAX_PARAMETER_CHARACTERS = 4096;
const MAX_WORD_CHARACTERS = 500;

export class OidcStartQuery {
  @EnumField({
    values: ['login'],
    optional: true,
    description: 'Have the provider ask for credentials again; the new session is good for dangerous actions',
  })
  prompt?: string;
}

/** What providers send back: RFC 6749, RFC 9207, and what some of them add. Nothing else is taken. */
export class OidcCallbackQuery {
  @TextField({ max: MAX_PARAMETER_CHARACTERS, optional: true })
  code?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  state?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  iss?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  error?: string;

  @TextField({ max: MAX_PARAMETER_CHARACTERS, optional: true })
  error_description?: string;

  @TextField({ max: MAX_PARAMETER_CHARACTERS, optional: true })
  error_uri?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  session_state?: string;

  @TextField({ max: MAX_PARAMETER_CHARACTERS, optional: true })
  scope?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  authuser?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  prompt?: string;

  @TextField({ max: MAX_WORD_CHARACTERS, optional: true })
  hd?: string;
}

export class OidcProviderView {
  @ApiProperty()
  isEnabled: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What the button says', maxLength: 200 })
  name: string | null;
}

export class OidcAddressView {
  @ApiProperty({ description: 'Send the browser there', maxLength: 4096 })
  address: string;
}

export class IdentityView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 500 })
  issuer: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;
}

export class IdentitiesView {
  @ApiProperty({ type: [IdentityView], maxItems: 100 })
  items: IdentityView[];
}

/** The parameters as they came; those of other providers' making do no harm. */
export const toAnswer = (query: OidcCallbackQuery): URLSearchParams =>
  new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

export const toIdentityView = ({ id, issuer, createdAt }: OwnIdentity): IdentityView => ({
  id,
  issuer,
  createdAt: createdAt.toISOString(),
});
