import { TextField } from '@app/http';
import { AppError } from '@app/kernel';
import { ApiProperty } from '@nestjs/swagger';

import { MAX_PASSWORD_FIELD_CHARACTERS } from '../auth.dto';
import { MAX_CODE_CHARACTERS } from '../second-factor/second-factor.dto';
import type { StepUpProof } from './step-up.service';

export class StepUpDto {
  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS, optional: true })
  password?: string;

  @TextField({ max: MAX_CODE_CHARACTERS, optional: true })
  code?: string;
}

export class StepUpView {
  @ApiProperty({ description: 'Dangerous routes ask again after this', format: 'date-time', maxLength: 24 })
  confirmedUntil: string;
}

/** @throws AppError `request.invalid` for none and for both */
export function toStepUpProof({ password, code }: StepUpDto): StepUpProof {
  if (password !== undefined && code === undefined) return { password };
  if (code !== undefined && password === undefined) return { code };
  throw new AppError('request.invalid', { errors: [{ path: 'password', message: 'send either password or code' }] });
}
