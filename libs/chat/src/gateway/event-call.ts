import type { WorkspaceContext } from '@app/kernel';
import type { VisitorSocket } from './visitor-socket';

/** One event of one visitor, with the context the server derived for it. */
export interface EventCall<P> {
  readonly socket: VisitorSocket;
  readonly ctx: WorkspaceContext;
  readonly payload: P;
}
