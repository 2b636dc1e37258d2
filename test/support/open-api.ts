import { call } from './admin';

export interface Schema {
  type?: string;
  format?: string;
  enum?: unknown[];
  default?: unknown;
  nullable?: boolean;
  minimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  oneOf?: Schema[];
  $ref?: string;
}

interface OperationObject {
  'x-access'?: string;
  'x-step-up'?: boolean;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface OpenApi {
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
}

/** One route as the product documents it. */
export interface Operation {
  /** `PUT /v1/workspaces/{workspaceId}/documents/{documentId}` */
  name: string;
  method: string;
  path: string;
  /** `public`, `signed-in`, a permission, or `none`. */
  access: string;
  /** Asks for a fresh proof of who it is. */
  isStepUp: boolean;
  /** The names in braces, in order. */
  pathParameters: string[];
  queryParameters: { name: string; isRequired: boolean; schema: Schema }[];
  /** With every reference resolved; null for an operation without a JSON body. */
  body: Schema | null;
  isMultipart: boolean;
}

/** Every operation of the running product, from its own documentation. */
export async function documentedOperations(url: string): Promise<Operation[]> {
  return operationsOf((await call<OpenApi>(url, 'GET', '/docs/json')).body);
}

function operationsOf(api: OpenApi): Operation[] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(api, method.toUpperCase(), path, operation)),
  );
}

function toOperation(api: OpenApi, method: string, path: string, operation: OperationObject): Operation {
  const content = operation.requestBody?.content ?? {};
  const json = content['application/json']?.schema;
  return {
    name: `${method} ${path}`,
    method,
    path,
    access: operation['x-access'] ?? 'none',
    isStepUp: operation['x-step-up'] === true,
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    queryParameters: (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, required = false, schema = {} }) => ({ name, isRequired: required, schema: resolve(api, schema) })),
    body: json ? resolve(api, json) : null,
    isMultipart: 'multipart/form-data' in content,
  };
}

/** A schema with what it refers to put in its place. Bodies are trees, so eight levels are more than any has. */
function resolve(api: OpenApi, schema: Schema, depth = 0): Schema {
  if (depth > 8) return {};
  const next = (part: Schema): Schema => resolve(api, part, depth + 1);
  if (schema.$ref) return next(api.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const merged = (schema.allOf ?? []).map(next).reduce((all, part) => ({ ...all, ...part }), schema);
  const { properties, items } = merged;
  return {
    ...merged,
    ...(items && { items: next(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, next(field)])),
    }),
  };
}
