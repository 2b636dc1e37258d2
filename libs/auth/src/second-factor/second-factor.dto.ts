import { TextField } from '@app/http';
import { AppError } from '@app/kernel';
import { ApiProperty } from '@nestjs/swagger';

import { type RefreshTokenIn, RefreshTokenInField } from '../tokens/token-delivery.interceptor';
import type { Enrolment } from './enrolments.service';
import type { FactorProof } from './factor-check.service';
import type { SecondFactorStatus } from './second-factors.service';
import type { SignInChallenge } from './sign-in-challenges';

/** Room for a space in the middle. */
export const MAX_CODE_CHARACTERS = 10;
const MAX_RECOVERY_CODE_CHARACTERS = 60;
const MAX_CHALLENGE_CHARACTERS = 1000;

export class SecondFactorLoginDto {
  @TextField({ max: MAX_CHALLENGE_CHARACTERS })
  challenge: string;

  @TextField({ max: MAX_CODE_CHARACTERS, optional: true })
  code?: string;

  @TextField({ max: MAX_RECOVERY_CODE_CHARACTERS, optional: true })
  recoveryCode?: string;

  @RefreshTokenInField()
  refreshTokenIn?: RefreshTokenIn;
}

export class ConfirmTotpDto {
  @TextField({ max: MAX_CODE_CHARACTERS })
  code: string;
}

export class SecondFactorChallengeView {
  @ApiProperty({ description: 'Good once and for five minutes, from this client alone', maxLength: 1000 })
  challenge: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  expiresAt: string;

  @ApiProperty({ enum: ['totp', 'recovery-code'], isArray: true, maxItems: 2 })
  methods: string[];
}

/** The password was right, and the account has a second factor: no tokens yet. */
export class SecondFactorNeededView {
  @ApiProperty()
  secondFactor: SecondFactorChallengeView;
}

export class SecondFactorStatusView {
  @ApiProperty()
  isEnabled: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, maxLength: 24 })
  enabledAt: string | null;

  @ApiProperty()
  recoveryCodesLeft: number;
}

export class EnrolmentView {
  @ApiProperty({ description: 'Base32, to type into an authenticator app. Shown once', maxLength: 64 })
  secret: string;

  @ApiProperty({ description: '`otpauth://` address for a QR code. Shown once', maxLength: 600 })
  uri: string;
}

export class RecoveryCodesView {
  @ApiProperty({ description: 'Each is good once. Shown once', type: [String], maxItems: 10 })
  recoveryCodes: string[];
}

/** @throws AppError `request.invalid` for none and for both */
export function toFactorProof({ code, recoveryCode }: SecondFactorLoginDto): FactorProof {
  if (code !== undefined && recoveryCode === undefined) return { code };
  if (recoveryCode !== undefined && code === undefined) return { recoveryCode };
  throw new AppError('request.invalid', { errors: [{ path: 'code', message: 'send either code or recoveryCode' }] });
}

export const toSecondFactorNeededView = ({ challenge, expiresAt }: SignInChallenge): SecondFactorNeededView => ({
  secondFactor: { challenge, expiresAt: expiresAt.toISOString(), methods: ['totp', 'recovery-code'] },
});

export const toStatusView = ({ enabledAt, recoveryCodesLeft }: SecondFactorStatus): SecondFactorStatusView => ({
  isEnabled: enabledAt !== null,
  enabledAt: enabledAt?.toISOString() ?? null,
  recoveryCodesLeft,
});

export const toEnrolmentView = ({ secret, address }: Enrolment): EnrolmentView => ({ secret, uri: address });
