/** Whether zlib stopped because more came out than `maxOutputLength`; anything else means damaged data. */
export const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
