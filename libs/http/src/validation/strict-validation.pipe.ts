import { AppError } from '@app/kernel';
import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';

import { assertPlain } from './assert-plain';
import { toFieldFaults } from './field-faults';

/**
 * The one validation of the product: unknown fields are refused, nothing is converted unless a field decorator says
 * so, the result is an instance of the DTO class. Faults are 400 `request.invalid` with `errors[{ path, message }]`.
 */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transformOptions: { enableImplicitConversion: false },
      // The value tells a field that is missing from one that is wrong; it goes no further than toFieldFaults.
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => new AppError('request.invalid', { errors: toFieldFaults(errors) }),
    });
  }

  // Nest declares both as `any`; what comes in is whatever a client sent.
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (!this.isDto(metadata)) return value;
    assertPlain(value);
    return super.transform(value, metadata);
  }

  /** Single path and query values are text and stay text; `@UuidParam()` and DTOs say more. */
  private isDto(metadata: ArgumentMetadata): boolean {
    return metadata.type !== 'custom' && metadata.metatype !== undefined && this.toValidate(metadata);
  }
}
