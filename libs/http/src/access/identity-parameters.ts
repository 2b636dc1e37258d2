import type { UserContext, WorkspaceContext } from '@app/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import type { HttpRequest } from '../http-request';
import { identityOf } from './request-identity';
import type { VisitorCaller } from './visitor-authenticator';

function currentUser(_data: unknown, context: ExecutionContext): UserContext {
  const user = identityOf(context.switchToHttp().getRequest<HttpRequest>())?.user;
  if (!user) throw new Error('@CurrentUser() needs @SignedIn() or @Can() on the route');
  return user;
}

function currentWorkspace(_data: unknown, context: ExecutionContext): WorkspaceContext {
  const workspace = identityOf(context.switchToHttp().getRequest<HttpRequest>())?.workspace;
  if (!workspace) throw new Error('@Workspace() needs @Can() or @ForVisitors() on the route');
  return workspace;
}

function currentVisitor(_data: unknown, context: ExecutionContext): VisitorCaller {
  const visitor = identityOf(context.switchToHttp().getRequest<HttpRequest>())?.visitor;
  if (!visitor) throw new Error('@Visitor() needs @ForVisitors() on the route');
  return visitor;
}

/** The signed-in `UserContext` of a route with `@SignedIn()` or `@Can()`. */
export const CurrentUser = createParamDecorator(currentUser);

/** The visitor of a route with `@ForVisitors()`. */
export const Visitor = createParamDecorator(currentVisitor);

/**
 * The `WorkspaceContext` of a route with `@Can()`: the path's workspace, the signed-in user as actor; or with
 * `@ForVisitors()`: the embed's workspace and the visitor.
 */
export const Workspace = createParamDecorator(currentWorkspace);
