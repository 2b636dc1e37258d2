import type { LogsConfig } from '@app/config';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Options } from 'pino-http';

import { REDACTED_PATHS } from './redaction';
import { serializeError } from './serialize-error';

/** Asked every few seconds by every balancer; a line each would bury the rest. */
const SILENT_PATHS = new Set(['/healthz', '/readyz']);

/** Middleware sees a shortened `url` beside the one that was asked for. */
interface RoutedRequest {
  method?: string;
  url?: string;
  originalUrl?: string;
}

/** The path alone: a query can hold what somebody searched for. */
const pathOf = ({ originalUrl, url = '' }: RoutedRequest): string => (originalUrl ?? url).split('?', 1)[0] ?? '';

/**
 * One JSON object a line: timestamp, level, name, message and whatever was passed along; control characters are
 * escaped, so a line cannot be forged. Lines written during a request carry its `requestId`.
 *
 * @param name of the process, such as `customercare-api`
 */
export function logOptions({ level }: LogsConfig, name: string): Options {
  return {
    level,
    name,
    base: { name },
    messageKey: 'message',
    errorKey: 'err',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
    serializers: {
      err: (error: unknown) => serializeError(error),
      req: (request: RoutedRequest) => ({ method: request.method, path: pathOf(request) }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
    wrapSerializers: false,
    // Fastify's own id, which the caller sees as X-Request-Id.
    genReqId: (request: IncomingMessage) => request.id,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
    quietReqLogger: true,
    autoLogging: { ignore: (request: IncomingMessage) => SILENT_PATHS.has(pathOf(request)) },
    // A 500 is logged as an error where its cause is known; the request's own line would count it twice.
    customLogLevel: () => 'info',
    customSuccessMessage: (_request: IncomingMessage, _response: ServerResponse) => 'request',
    customErrorMessage: () => 'request failed',
  };
}
