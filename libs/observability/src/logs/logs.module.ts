import type { LogsConfig } from '@app/config';
import { type DynamicModule, type INestApplicationContext, Module, RequestMethod } from '@nestjs/common';
import { Logger, LoggerModule, type Params } from 'nestjs-pino';
import type { DestinationStream } from 'pino';

import { logOptions } from './log-options';

/** The library's own default is the wildcard of an older router, which logs a warning at every start. */
const EVERY_ROUTE = [{ path: '{*path}', method: RequestMethod.ALL }];

/**
 * JSON logs for everything that uses Nest's `Logger`: `new Logger(Name).warn({ documentId, code }, 'what happened')`.
 * Ids and codes, never texts, tokens, files or configuration values.
 */
@Module({})
export class LogsModule {
  /**
   * @param name of the process, such as `customercare-api`
   * @param stream where lines go; standard output when left out
   */
  static forRoot(config: LogsConfig, name: string, stream?: DestinationStream): DynamicModule {
    const options = logOptions(config, name);
    const pinoHttp: Params['pinoHttp'] = stream ? [options, stream] : options;
    return { module: LogsModule, imports: [LoggerModule.forRoot({ pinoHttp, forRoutes: EVERY_ROUTE })] };
  }
}

/** Makes Nest's `Logger` write JSON. Create the app with `bufferLogs: true` and call it first. */
export function useJsonLogs(app: INestApplicationContext): void {
  app.useLogger(app.get(Logger));
}
