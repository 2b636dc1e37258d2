import { ConnectionAuthenticator } from '@app/http';
import { AppError, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { ArrivingSockets } from '../sockets/arriving-sockets';
import { ConnectionSlots } from '../sockets/connection-slots';
import { EventWindow } from '../sockets/event-window';
import type { AgentSocket } from './agent-socket';
import { InboxAccess } from './inbox-access';

/** Decides once, when somebody who is signed in connects; every event is checked again by `InboxSessions`. */
@Injectable()
export class InboxHandshake {
  constructor(
    private readonly authenticator: ConnectionAuthenticator,
    private readonly access: InboxAccess,
    private readonly slots: ConnectionSlots,
    private readonly arriving: ArrivingSockets,
  ) {}

  /**
   * Reads token and workspace from the handshake's auth payload (never the query), and takes a slot.
   * @throws AppError `auth.token-invalid`, `auth.token-expired`, `workspace.not-found`, `workspace.suspended`,
   * `access.denied`, `limit.connections`
   */
  async admit(socket: AgentSocket): Promise<void> {
    const ip = await this.arriving.addressOf(socket);
    const { auth, headers } = socket.handshake;
    this.access.mustBeOwnPage(headers.origin);
    const { user: holder, expiresAt } = await this.authenticator.authenticate(auth['token']);
    const requestId = newId();
    const user = { ...holder, requestId, ip };
    const workspaceId = workspaceIn(auth);
    const ctx: WorkspaceContext = { workspaceId, actor: { type: 'user', id: user.userId }, requestId, ip };
    await this.access.mustEnter(user, ctx);
    await this.slots.take(socket, { holder: `user:${user.userId}`, ip });
    socket.data = { user, ctx, expiresAt, eventWindow: new EventWindow() };
  }
}

/** @throws AppError `workspace.not-found` for what is no id */
function workspaceIn(auth: Record<string, unknown>): string {
  const workspaceId = auth['workspaceId'];
  if (typeof workspaceId !== 'string' || !isUuid(workspaceId)) throw new AppError('workspace.not-found');
  return workspaceId.toLowerCase();
}
