import type { INestApplicationContext } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

import { listRoutes } from '../routes/list-routes';

type Method = 'get' | 'post' | 'put' | 'delete' | 'options';

/**
 * Says in each operation's `x-access` who may call it (`public`, `signed-in`, a permission, or `none` for nobody), read
 * from the very rules the guard goes by.
 */
export function declareAccess(app: INestApplicationContext, document: OpenAPIObject): OpenAPIObject {
  for (const { method, path, access } of listRoutes(app)) {
    const item = document.paths[path.replace(/:(\w+)/g, '{$1}')];
    const operation = item?.[method.toLowerCase() as Method]; // undefined for every other method
    if (operation) Object.assign(operation, { 'x-access': access });
  }
  return document;
}
