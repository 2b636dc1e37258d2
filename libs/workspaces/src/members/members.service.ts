import { AuditLog } from '@app/audit';
import { Accounts } from '@app/auth';
import { type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { mustReach, onlyOneAtATime } from './member-rules';
import { StandingChanges } from './standing-changes';
import { WorkspaceMember } from './workspace-member';

export interface Member {
  /** The user's id. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly joinedAt: Date;
}

/** The people of a workspace. */
@Injectable()
export class Members {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly changes: StandingChanges,
  ) {}

  /** @throws AppError `request.invalid` for a cursor this list did not issue */
  async list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<Member>> {
    const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
    const rows = await this.db.run(ctx, (tx) => this.select(tx, ctx, { after, limit: query.limit + 1 }));
    return toPage(rows, query.limit);
  }

  /**
   * @throws AppError `member.not-found`, `member.last-owner`, `access.denied` when the old or the new role is above the
   * actor's own
   */
  async changeRole(ctx: WorkspaceContext, userId: string, role: Role): Promise<Member> {
    return this.db.run(ctx, async (tx) => {
      const member = await this.mustFindForChange(tx, ctx, userId);
      await mustReach(tx, ctx, role);
      if (member.role === role) return member;
      if (role !== 'owner') await this.mustKeepAnOwner(tx, ctx, member);
      await tx.getRepository(WorkspaceMember).update({ workspaceId: ctx.workspaceId, userId }, { role });
      await this.audit.record(tx, ctx, 'member.role-changed', { userId, from: member.role, to: role });
      this.changes.publishAfter(tx, { workspaceId: ctx.workspaceId, userId });
      return { ...member, role };
    });
  }

  /** @throws AppError `member.not-found`, `member.last-owner`, `access.denied` for a member above the actor */
  async remove(ctx: WorkspaceContext, userId: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const member = await this.mustFindForChange(tx, ctx, userId);
      await this.mustKeepAnOwner(tx, ctx, member);
      await tx.getRepository(WorkspaceMember).delete({ workspaceId: ctx.workspaceId, userId });
      await this.audit.record(tx, ctx, 'member.removed', { userId, role: member.role });
      this.changes.publishAfter(tx, { workspaceId: ctx.workspaceId, userId });
    });
  }

  /**
   * Takes the acting member out.
   * @throws AppError `member.last-owner`
   */
  async leave(ctx: WorkspaceContext): Promise<void> {
    const { actor } = ctx;
    if (actor.type !== 'user') throw new AppError('access.denied');
    await this.db.run(ctx, async (tx) => {
      const member = await this.mustFindForChange(tx, ctx, actor.id);
      await this.mustKeepAnOwner(tx, ctx, member);
      await tx.getRepository(WorkspaceMember).delete({ workspaceId: ctx.workspaceId, userId: member.id });
      await this.audit.record(tx, ctx, 'member.left', { userId: member.id, role: member.role });
      this.changes.publishAfter(tx, { workspaceId: ctx.workspaceId, userId: member.id });
    });
  }

  /**
   * Makes another member owner and the acting owner an admin, both or neither.
   * @throws AppError `member.not-found`, `access.denied` for who is not (or no longer) an owner, `request.invalid` for
   * oneself
   */
  async transfer(ctx: WorkspaceContext, userId: string): Promise<Member> {
    return this.db.run(ctx, async (tx) => {
      await onlyOneAtATime(tx, ctx);
      const from = await mustReach(tx, ctx, 'owner');
      const heir = await this.mustFind(tx, ctx, userId);
      if (heir.id === from) {
        throw new AppError('request.invalid', { errors: [{ path: 'userId', message: 'is your own' }] });
      }
      const { workspaceId } = ctx;
      const members = tx.getRepository(WorkspaceMember);
      await members.update({ workspaceId, userId: heir.id }, { role: 'owner' });
      await members.update({ workspaceId, userId: from }, { role: 'admin' });
      await this.audit.record(tx, ctx, 'workspace.transferred', { from, to: heir.id });
      for (const member of [from, heir.id]) this.changes.publishAfter(tx, { workspaceId, userId: member });
      return { ...heir, role: 'owner' };
    });
  }

  private async mustFindForChange(tx: Tx, ctx: WorkspaceContext, userId: string): Promise<Member> {
    await onlyOneAtATime(tx, ctx);
    const member = await this.mustFind(tx, ctx, userId);
    await mustReach(tx, ctx, member.role);
    return member;
  }

  private async mustFind(tx: Tx, ctx: WorkspaceContext, userId: string): Promise<Member> {
    const [member] = await this.select(tx, ctx, { userId, limit: 1 });
    if (!member) throw new AppError('member.not-found');
    return member;
  }

  private async mustKeepAnOwner(tx: Tx, { workspaceId }: WorkspaceContext, leaving: Member): Promise<void> {
    if (leaving.role !== 'owner') return;
    const owners = await tx.getRepository(WorkspaceMember).countBy({ workspaceId, role: 'owner' });
    if (owners <= 1) throw new AppError('member.last-owner');
  }

  /** In order of user ids. `member_profiles()` gives the names of this workspace's members, which their rows hide, sealed. */
  private async select(
    tx: Tx,
    { workspaceId }: WorkspaceContext,
    filter: { userId?: string; after?: string | null; limit: number },
  ): Promise<Member[]> {
    const rows: Member[] = await tx.query(
      `select member.user_id as id, profile.email, profile.name, member.role, member.created_at as "joinedAt"
       from workspace_members member join member_profiles() profile on profile.user_id = member.user_id
       where member.workspace_id = $1
         and ($2::uuid is null or member.user_id = $2) and ($3::uuid is null or member.user_id > $3)
       order by member.user_id limit $4`,
      [workspaceId, filter.userId ?? null, filter.after ?? null, filter.limit],
    );
    return rows.map((row) => ({ ...row, ...this.accounts.open(row) }));
  }
}
