import type { INestApplicationContext, Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';

/** A method of a controller that answers a route. */
export interface ControllerHandler {
  controller: Type<object>;
  name: string;
  handler: object;
  /** A number of Nest's RequestMethod. */
  method: number;
}

/** Every route handler of every controller of the app. */
export function controllerHandlers(app: INestApplicationContext): ControllerHandler[] {
  const scanner = new MetadataScanner();
  // Made here and not injected, so that it also answers for an app that was only put together (`preview`).
  return new DiscoveryService(app.get(ModulesContainer, { strict: false })).getControllers().flatMap(({ metatype }) => {
    if (!metatype) return [];
    // A controller's wrapper always holds its class; Nest types it as any function.
    const controller = metatype as Type<object>;
    const prototype = controller.prototype as object; // typed any
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function') return [];
      const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
      return typeof method === 'number' ? [{ controller, name, handler, method }] : [];
    });
  });
}
