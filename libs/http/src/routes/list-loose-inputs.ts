import type { INestApplicationContext, PipeTransform, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';

import { type ControllerHandler, controllerHandlers } from './controller-handlers';

/** What a parameter decorator left: `'3:0'` is the first parameter, taken from the body. */
interface RouteArgument {
  index: number;
  data?: unknown;
  pipes: (Type<PipeTransform> | PipeTransform)[];
}

const KINDS: Readonly<Record<number, string>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'path',
};

/** TypeScript leaves one of these where a type is an interface, `any`, `Partial<…>` or a plain value. */
const BUILT_IN: ReadonlySet<unknown> = new Set([Object, Array, String, Number, Boolean, undefined]);

/**
 * Inputs nothing validates: a body or query that is not a DTO class of ours, a path parameter without a pipe. Written
 * `DocumentsController.rename body`. A test keeps the list empty.
 */
export function listLooseInputs(app: INestApplicationContext): string[] {
  return controllerHandlers(app).flatMap(looseInputsOf).sort();
}

function looseInputsOf({ controller, name }: ControllerHandler): string[] {
  const prototype = controller.prototype as object; // typed any
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as unknown[]; // written by TypeScript
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name);
  const args = Object.entries((metadata ?? {}) as Record<string, RouteArgument>); // written by Nest's decorators
  return args.flatMap(([key, { index, data, pipes }]) => {
    const kind = KINDS[Number(key.split(':')[0])];
    const isValidated = pipes.length > 0 || (data === undefined && !BUILT_IN.has(types[index]));
    return kind === undefined || isValidated ? [] : [`${controller.name}.${name} ${kind}`];
  });
}
