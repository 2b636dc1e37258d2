import { validateDto } from '@app/http';
import { AppError } from '@app/kernel';
import type { Type } from '@nestjs/common';

/**
 * The one payload of an event, validated.
 * @throws AppError `request.invalid`
 */
export async function onlyPayload<P extends object>(dto: Type<P>, payloads: readonly unknown[]): Promise<P> {
  if (payloads.length > 1) {
    throw new AppError('request.invalid', { errors: [{ path: '', message: 'must be one object' }] });
  }
  return validateDto(dto, payloads[0]);
}
