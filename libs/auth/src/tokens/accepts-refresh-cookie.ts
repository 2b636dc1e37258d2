import { Reflector } from '@nestjs/core';

/** On a route for signed-in users: without an access token, the refresh cookie of a page of ours does as well. */
export const AcceptsRefreshCookie = Reflector.createDecorator<true>();
