import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';

import { AccessRuleOf, NeedsStepUp } from './access-rule';
import type { Permission } from './permissions';

type RouteDecorator = MethodDecorator & ClassDecorator;

/** The route asks for nobody. Every such route is in the frozen list of public routes. */
export const Public = (): RouteDecorator => AccessRuleOf({ kind: 'public' });

/** The route asks for a user and no workspace: the own profile, the list of own workspaces. Use `@CurrentUser()`. */
export const SignedIn = (): RouteDecorator =>
  applyDecorators(AccessRuleOf({ kind: 'signed-in' }), ApiBearerAuth('access-token'));

/** The route asks for a visitor of a customer's site, with a visitor token. Use `@Visitor()` and `@Workspace()`. */
export const ForVisitors = (): RouteDecorator =>
  applyDecorators(AccessRuleOf({ kind: 'visitor' }), ApiBearerAuth('visitor-token'));

/**
 * The route asks for a member of the workspace named by the path parameter `:workspaceId`, in a role that has the
 * permission. Who is not a member gets 404 `workspace.not-found`, so nobody learns which workspaces exist; a member
 * without the permission gets 403 `access.denied`. Use `@Workspace()`.
 */
export const Can = (permission: Permission): RouteDecorator =>
  applyDecorators(AccessRuleOf({ kind: 'can', permission }), ApiBearerAuth('access-token'));

/**
 * The route is dangerous: beside `@SignedIn()` or `@Can()` it asks for somebody who proved within the last ten minutes
 * that it is them (a sign-in, or `POST /v1/me/step-up`), else 403 `auth.step-up-required`. API keys never pass. Every
 * such route is in a reviewed list.
 */
export const StepUp = (): RouteDecorator => applyDecorators(NeedsStepUp(true), ApiExtension('x-step-up', true));
