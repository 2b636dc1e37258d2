import { Public } from '@app/http';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';

import { AccessTokenKeys, type PublicJwk } from './access-token-keys';

/** Longer than a reader needs to keep it, shorter than an access token lives. */
const MAX_AGE_SECONDS = 300;

export class JwkView implements PublicJwk {
  @ApiProperty({ enum: ['RSA'] })
  kty: string;

  @ApiProperty({ maxLength: 43 })
  kid: string;

  @ApiProperty({ enum: ['sig'] })
  use: 'sig';

  @ApiProperty({ enum: ['RS256'] })
  alg: PublicJwk['alg'];

  @ApiProperty({ maxLength: 2732 })
  n: string;

  @ApiProperty({ maxLength: 8 })
  e: string;
}

export class KeySetView {
  @ApiProperty({ type: [JwkView], maxItems: 11 })
  keys: readonly JwkView[];
}

@ApiTags('auth')
@Controller('.well-known')
export class KeySetController {
  constructor(private readonly keys: AccessTokenKeys) {}

  /** The public keys that verify access tokens, those before the current one too. Empty when they are signed with HS256. */
  @Get('jwks.json')
  @Public()
  @Header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
  @ApiOkResponse({ type: KeySetView })
  show(): KeySetView {
    return { keys: this.keys.publicKeys };
  }
}
