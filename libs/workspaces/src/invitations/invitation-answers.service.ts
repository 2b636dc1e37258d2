import { AuditLog } from '@app/audit';
import { Accounts } from '@app/auth';
import { sha256 } from '@app/crypto';
import { SystemDb, type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, Clock, type UserContext, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';

import { mayReach, onlyOneAtATime } from '../members/member-rules';
import { WorkspaceMember } from '../members/workspace-member';
import { Workspace } from '../workspace';
import type { OwnWorkspace } from '../workspaces.service';
import { Invitation } from './invitation';
import { InvitationAddresses } from './invitation-addresses';

/** What invited people do with their invitation. */
@Injectable()
export class InvitationAnswers {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly addresses: InvitationAddresses,
    private readonly clock: Clock,
  ) {}

  /**
   * Joins the workspace. The account must be that of the invited address, which was confirmed when the account was made:
   * a link that was passed on, or opened in somebody else's session, opens nothing.
   *
   * @throws AppError `invitation.not-found` for an unknown, used, withdrawn or expired token, one for another address,
   * one whose sender may not invite to this role any more, and one to a suspended workspace, all alike
   */
  async accept(user: UserContext, token: string): Promise<OwnWorkspace> {
    const tokenHash = sha256(token);
    const { email } = await this.accounts.mustFind(user.userId);
    const found = await this.systemDb.findInvitationByTokenHash(tokenHash);
    if (!found) throw new AppError('invitation.not-found');
    const { userId, requestId, ip } = user;
    const ctx: WorkspaceContext = {
      workspaceId: found.workspaceId,
      actor: { type: 'user', id: userId },
      requestId,
      ip,
    };
    return this.db.run(ctx, async (tx) => {
      await onlyOneAtATime(tx, ctx);
      const invitation = await this.mustFindOpen(tx, found, tokenHash);
      if (!this.addresses.isFor(invitation, email)) throw new AppError('invitation.not-found');
      await tx.getRepository(Invitation).delete({ workspaceId: ctx.workspaceId, id: invitation.id });
      const role = await this.join(tx, ctx, userId, invitation);
      const { id, name } = await tx.getRepository(Workspace).findOneByOrFail({ id: ctx.workspaceId });
      return { id, name, role };
    });
  }

  private async mustFindOpen(
    tx: Tx,
    { workspaceId, invitationId }: { workspaceId: string; invitationId: string },
    tokenHash: Buffer,
  ): Promise<Invitation> {
    const invitation = await tx
      .getRepository(Invitation)
      .findOneBy({ workspaceId, id: invitationId, tokenHash, expiresAt: MoreThan(this.clock.now()) });
    // Else somebody who is about to be removed invites themselves back in.
    const isGood = invitation && (await mayReach(tx, workspaceId, invitation.invitedBy, invitation.role));
    if (!isGood) throw new AppError('invitation.not-found');
    return invitation;
  }

  /** Who became a member by another way in the meantime stays what they are. */
  private async join(tx: Tx, ctx: WorkspaceContext, userId: string, { id, role }: Invitation): Promise<Role> {
    const { workspaceId } = ctx;
    const members = tx.getRepository(WorkspaceMember);
    const own = await members.findOneBy({ workspaceId, userId });
    if (own) return own.role;
    await members.insert({ workspaceId, userId, role });
    await this.audit.record(tx, ctx, 'member.added', { userId, role, invitationId: id });
    return role;
  }
}
