import { ApiProperty } from '@nestjs/swagger';

class ChallengeParametersView {
  @ApiProperty({ type: String, maxLength: 40, example: 'PBKDF2/SHA-256' })
  algorithm: string;

  @ApiProperty({ type: String, maxLength: 64, description: 'Hexadecimal, like the two that follow' })
  nonce: string;

  @ApiProperty({ type: String, maxLength: 64 })
  salt: string;

  @ApiProperty({ type: String, maxLength: 64, description: 'What the derived key must start with' })
  keyPrefix: string;

  @ApiProperty({ type: 'integer', description: 'Iterations of one derivation' })
  cost: number;

  @ApiProperty({ type: 'integer', description: 'Bytes' })
  keyLength: number;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt: number;

  @ApiProperty({ type: String, maxLength: 64 })
  keySignature: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', maxLength: 64 } })
  data: Record<string, string>;
}

/** Proof of work in the format of ALTCHA, version 2: `Challenge` of the chat protocol in the api documentation. */
export class ChallengeView {
  @ApiProperty({ type: ChallengeParametersView })
  parameters: ChallengeParametersView;

  @ApiProperty({ type: String, maxLength: 64 })
  signature: string;
}
