import { API_KEY_PERMISSIONS, IntegerField, ListField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import type { ApiKey } from './api-key';
import { API_KEY_PREFIX, type CreatedApiKey, MAX_API_KEY_DAYS } from './api-keys.service';

export class CreateApiKeyDto {
  @TextField({ max: 100, trim: true, description: 'What it is for' })
  name: string;

  @ListField(
    { max: 40 },
    {
      minItems: 1,
      maxItems: API_KEY_PERMISSIONS.length,
      description: `What the program may do, of what you may do yourself: ${API_KEY_PERMISSIONS.join(', ')}`,
    },
  )
  scopes: string[];

  @IntegerField({ min: 1, max: MAX_API_KEY_DAYS, default: 90, description: 'After so many days it is refused' })
  expiresInDays = 90;
}

export class ApiKeyView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  @ApiProperty({ enum: API_KEY_PERMISSIONS, isArray: true, maxItems: API_KEY_PERMISSIONS.length })
  scopes: string[];

  @ApiProperty({ maxLength: 20, description: 'How every key starts; scanners for leaked secrets look for it' })
  prefix: string;

  @ApiProperty({ maxLength: 4, description: 'Last four characters of the key' })
  last4: string;

  @ApiProperty({ format: 'uuid', maxLength: 36, description: 'The user who made it' })
  createdBy: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  expiresAt: string;

  @ApiProperty({ type: String, format: 'date-time', maxLength: 24, nullable: true, description: 'To the minute' })
  lastUsedAt: string | null;
}

export class CreatedApiKeyView extends ApiKeyView {
  @ApiProperty({ maxLength: 100, description: 'Shown this once. Send it as a bearer token.' })
  key: string;
}

export class ApiKeysPage {
  @ApiProperty({ type: [ApiKeyView], maxItems: 100 })
  items: ApiKeyView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toApiKeyView = (key: ApiKey): ApiKeyView => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  prefix: API_KEY_PREFIX,
  last4: key.keyLast4,
  createdBy: key.createdBy,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
});

export const toCreatedApiKeyView = ({ apiKey, key }: CreatedApiKey): CreatedApiKeyView => ({
  ...toApiKeyView(apiKey),
  key,
});
