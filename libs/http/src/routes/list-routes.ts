import { type INestApplicationContext, RequestMethod, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';

import { type AccessRule, AccessRuleOf, NeedsStepUp } from '../access/access-rule';
import { API_PREFIX, UNPREFIXED_ROUTES } from '../platform/api-prefix';
import { type ControllerHandler, controllerHandlers } from './controller-handlers';

/** One route and who may call it. */
export interface RouteInfo {
  /** `GET`, `POST`… */
  method: string;
  /** With its prefix and parameters: `/v1/workspaces/:workspaceId`. */
  path: string;
  /** `public`, `signed-in`, a permission, or `none`: nobody said, so the guard refuses everybody. */
  access: string;
  /** Whether it also asks for a fresh proof that it is them. */
  isStepUp: boolean;
  /** `DocumentsController.upload` */
  handler: string;
}

/** Every route of every controller, by path and method. The frozen list of public routes is compared to it. */
export function listRoutes(app: INestApplicationContext): RouteInfo[] {
  return controllerHandlers(app)
    .flatMap(routesOf)
    .sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

function routesOf({ controller, name, handler, method }: ControllerHandler): RouteInfo[] {
  // Reflector reads metadata of any function and is typed for classes.
  const targets = [handler as Type<unknown>, controller];
  const rule = new Reflector().getAllAndOverride(AccessRuleOf, targets);
  const isStepUp = new Reflector().getAllAndOverride(NeedsStepUp, targets) === true;
  return pathsOf(controller).flatMap((base) =>
    pathsOf(handler).map((rest) => ({
      method: RequestMethod[method] ?? 'ALL',
      path: join(base, rest),
      access: accessOf(rule),
      isStepUp,
      handler: `${controller.name}.${name}`,
    })),
  );
}

function pathsOf(target: object): string[] {
  const paths: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return (Array.isArray(paths) ? paths : [paths ?? '']).map(String);
}

function join(...parts: string[]): string {
  const path = parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/');
  return UNPREFIXED_ROUTES.includes(path) ? `/${path}` : `/${API_PREFIX}/${path}`;
}

function accessOf(rule: AccessRule | undefined): string {
  if (!rule) return 'none';
  return rule.kind === 'can' ? rule.permission : rule.kind;
}
