import type { Type } from '@nestjs/common';

import { StrictValidationPipe } from './strict-validation.pipe';

const pipe = new StrictValidationPipe();

/**
 * The REST pipe's validation for what did not come over REST, such as a socket event's payload.
 *
 * @throws AppError `request.invalid` with `errors[{ path, message }]`
 */
export async function validateDto<T extends object>(dto: Type<T>, plain: unknown): Promise<T> {
  const instance = await pipe.transform(plain, { type: 'body', metatype: dto });
  if (instance instanceof dto) return instance;
  throw new Error(`Validation gave something else than a ${dto.name}`);
}
