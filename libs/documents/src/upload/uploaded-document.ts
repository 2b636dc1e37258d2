import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '@app/http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingFile } from '../formats/file-identifier';

/** Where the interceptor leaves the file for the parameter; entries go with their requests. */
const received = new WeakMap<IncomingMessage, IncomingFile>();

export const keepFile = (request: HttpRequest, file: IncomingFile): void => void received.set(request.raw, file);

/** The file of a route with `UploadInterceptor`. */
export const UploadedDocument = createParamDecorator((_data: unknown, context: ExecutionContext): IncomingFile => {
  const file = received.get(context.switchToHttp().getRequest<HttpRequest>().raw);
  if (!file) throw new Error('@UploadedDocument() needs UploadInterceptor on the route');
  return file;
});
