import { RouteConfig } from '@nestjs/platform-fastify';

/** The route takes `multipart/form-data` and reads it from the raw request; every other route answers it with 415. */
export const AcceptsFiles = (): MethodDecorator => RouteConfig({ acceptsFiles: true });

/** Whether a route, by its Fastify configuration, takes files. */
export const acceptsFiles = (config: object): boolean => 'acceptsFiles' in config && config.acceptsFiles === true;
