export { AppError, type AppErrorOptions, type FieldFault, type Problem } from './app-error';
export { Clock, SystemClock } from './clock';
export { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue';
export { newId } from './ids';
export { decodeCursor, DEFAULT_PAGE_SIZE, encodeCursor, MAX_PAGE_SIZE, type Page, toPage } from './page';
export { parseUrl } from './parse-url';
export { type Actor, systemContext, type UserContext, type WorkspaceContext } from './workspace-context';
export { ShiftedClock } from './shifted-clock';
