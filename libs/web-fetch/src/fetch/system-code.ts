/** Node's name for what went wrong: `ECONNREFUSED`, `HPE_INVALID_CONSTANT`. Empty when it has none. */
export const systemCodeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
