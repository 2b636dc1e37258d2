import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

import { IdempotencyInterceptor } from './idempotency.interceptor';

/**
 * The creating POST may be sent again with the same `Idempotency-Key`: the first answer comes back (marked
 * `Idempotency-Replayed: true`) and nothing is created twice. For routes with `@SignedIn()` or `@Can()` and a JSON body.
 * Without the header nothing changes.
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Your own name for this request, 1 to 255 printable characters; repeats within 24 hours get the first answer',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
  );
