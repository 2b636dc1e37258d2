import type { AppConfig } from '@app/config';

/** The groups of the configuration this lib reads. */
export type HttpOptions = Pick<AppConfig, 'environment' | 'server' | 'limits' | 'secrets'>;

export const HTTP_OPTIONS = Symbol('HTTP_OPTIONS');
