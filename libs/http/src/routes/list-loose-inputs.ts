import type { INestApplicationContext, PipeTransform, Type } from '@nestjs/common';
import { ValidationPipe } from '@nestjs/common';
import { PIPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';

import { type ControllerHandler, controllerHandlers } from './controller-handlers';
import { listLooseFields } from './list-loose-fields';

type Pipe = Type<PipeTransform> | PipeTransform;

/** What a parameter decorator left: `'3:0'` is the first parameter, taken from the body. */
interface RouteArgument {
  index: number;
  data?: unknown;
  pipes: Pipe[];
}

const KINDS: Readonly<Record<number, string>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'path',
  [RouteParamtypes.HEADERS]: 'headers',
  [RouteParamtypes.FILE]: 'file',
  [RouteParamtypes.FILES]: 'files',
};

/** TypeScript leaves one of these where a type is an interface, `any`, `Partial<…>` or a plain value. */
const BUILT_IN: ReadonlySet<unknown> = new Set([Object, Array, String, Number, Boolean, undefined]);

/**
 * Inputs nothing validates: a body or query that is not a DTO class of ours or whose fields have no limit, a path
 * parameter without a pipe, a validation pipe that is not the product's. Written `DocumentsController.rename body`, or
 * with what is wrong behind it. A test keeps the list empty.
 */
export function listLooseInputs(app: INestApplicationContext): string[] {
  return controllerHandlers(app).flatMap(looseInputsOf).sort();
}

function looseInputsOf({ controller, name, handler }: ControllerHandler): string[] {
  const prototype = controller.prototype as object; // typed any
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as unknown[]; // written by TypeScript
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name);
  const args = Object.entries((metadata ?? {}) as Record<string, RouteArgument>); // written by Nest's decorators
  const route = `${controller.name}.${name}`;
  const pipes = [...pipesAt(controller), ...pipesAt(handler), ...args.flatMap(([, argument]) => argument.pipes)];
  const foreign = pipes.some(isValidation) ? [`${route} validates in a way of its own`] : [];
  return args.reduce((faults, [key, argument]) => {
    const kind = KINDS[Number(key.split(':')[0])];
    const found = kind === undefined ? [] : faultsOf(kind, argument, types[argument.index]);
    return [...faults, ...found.map((fault) => `${route} ${fault}`)];
  }, foreign);
}

/** One named header is text that Node has bounded already; everything else needs a class, or a pipe for one value. */
function faultsOf(kind: string, { data, pipes }: RouteArgument, type: unknown): string[] {
  if (data !== undefined) return pipes.length > 0 || kind === 'headers' ? [] : [kind];
  if (typeof type !== 'function' || BUILT_IN.has(type)) return [kind];
  return listLooseFields(type as Type<object>).map((fault) => `${kind}: ${fault}`); // a class, as it is not built in
}

const pipesAt = (target: object): Pipe[] => (Reflect.getMetadata(PIPES_METADATA, target) ?? []) as Pipe[]; // by Nest

const isValidation = (pipe: Pipe): boolean =>
  pipe instanceof ValidationPipe ||
  (typeof pipe === 'function' && pipe.prototype instanceof ValidationPipe) ||
  pipe === ValidationPipe;
