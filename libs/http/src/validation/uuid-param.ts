import { Param, type PipeTransform } from '@nestjs/common';

import { assertUuid } from './assert-uuid';

/** A pipe of each parameter's own, so that the fault names it. */
const uuidPipe = (path: string): PipeTransform<unknown, string> => ({
  transform: (value) => assertUuid(value, path),
});

/**
 * A path parameter that is a UUID: `@UuidParam('documentId') id: string`. Anything else is 400 `request.invalid`.
 */
export const UuidParam = (name: string): ParameterDecorator => Param(name, uuidPipe(name));
