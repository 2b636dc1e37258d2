import { AccessTrail, enter, type Permission, REFUSAL_CODES, type RefusalReason, WorkspaceAccess } from '@app/http';
import { INBOX_NAMESPACE } from '@app/chat-protocol';
import { AppError, type UserContext, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ChatOptions } from '../chat-options';

/** What the whole inbox asks for; an event that does more asks for more. */
const PERMISSION: Permission = 'conversations.read';

/** Whether somebody may watch a workspace's conversations. Says and records the same as the guard of the REST api. */
@Injectable()
export class InboxAccess {
  constructor(
    private readonly workspaces: WorkspaceAccess,
    private readonly trail: AccessTrail,
    private readonly options: ChatOptions,
  ) {}

  /**
   * A token that turns up on another site is not where its owner meant to use it.
   * @throws AppError `auth.token-invalid`
   */
  mustBeOwnPage(origin: string | undefined): void {
    if (!this.options.inboxOrigins.includes(origin ?? '')) throw new AppError('auth.token-invalid');
  }

  /** @throws AppError `workspace.not-found`, `workspace.suspended`, `access.denied` */
  async mustEnter(user: UserContext, ctx: WorkspaceContext): Promise<void> {
    const reason = await this.findFault(user, ctx);
    if (reason === null) return;
    const { workspaceId } = ctx;
    // A stranger's refusal does not go into the trail of a workspace they name.
    const context = reason === 'not-a-member' ? user : ctx;
    await this.trail.denied({ context, route: `CONNECT ${INBOX_NAMESPACE}`, reason, workspaceId, ids: {} });
    throw new AppError(REFUSAL_CODES[reason]);
  }

  /** Null when nothing is in the way. */
  async findFault({ userId }: UserContext, { workspaceId }: WorkspaceContext): Promise<RefusalReason | null> {
    const entry = enter(await this.workspaces.roleOf(userId, workspaceId), PERMISSION);
    return 'refused' in entry ? entry.refused : null;
  }
}
