import { ApiProperty } from '@nestjs/swagger';
import type { EmbedIdentitySecret } from './embed-identity-secret.entity';
import type { CreatedSecret } from './identity-secrets.service';

export class IdentitySecretView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 4, description: 'Last four characters of the secret' })
  last4: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;
}

export class CreatedIdentitySecretView extends IdentitySecretView {
  @ApiProperty({ maxLength: 100, description: 'Shown this once. For your server alone: it signs identity tokens' })
  secret: string;
}

export class IdentitySecretsView {
  @ApiProperty({ type: [IdentitySecretView], maxItems: 2 })
  items: IdentitySecretView[];
}

export const toSecretView = ({ id, last4, createdAt }: EmbedIdentitySecret): IdentitySecretView => ({
  id,
  last4,
  createdAt: createdAt.toISOString(),
});

export const toCreatedSecretView = ({ row, secret }: CreatedSecret): CreatedIdentitySecretView => ({
  ...toSecretView(row),
  secret,
});
