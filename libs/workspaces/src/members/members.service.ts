import { AuditLog } from '@app/audit';
import { Accounts } from '@app/auth';
import { type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { mayManage } from './roles';
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
  ) {}

  /** @throws AppError `request.invalid` for a cursor this list did not issue */
  async list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<Member>> {
    const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
    const rows = await this.db.run(ctx, (tx) => this.select(tx, ctx, { after, limit: query.limit + 1 }));
    return toPage(rows, query.limit);
  }

  /**
   * Adds somebody who has an account.
   * @throws AppError `member.not-found` when there is no such account, `member.exists`, `access.denied` for a role above
   * the actor's own
   */
  async add(ctx: WorkspaceContext, email: string, role: Role): Promise<Member> {
    const account = await this.accounts.findByEmail(email);
    return this.db.run(ctx, async (tx) => {
      await this.mustReach(tx, ctx, role);
      if (!account) throw new AppError('member.not-found');
      const added: unknown[] = await tx.query(
        `insert into workspace_members (workspace_id, user_id, role) values ($1, $2, $3)
         on conflict do nothing returning user_id`,
        [ctx.workspaceId, account.id, role],
      );
      if (added.length === 0) throw new AppError('member.exists');
      await this.audit.record(tx, ctx, 'member.added', { userId: account.id, role });
      return this.mustFind(tx, ctx, account.id);
    });
  }

  /**
   * @throws AppError `member.not-found`, `member.last-owner`, `access.denied` when the old or the new role is above the
   * actor's own
   */
  async changeRole(ctx: WorkspaceContext, userId: string, role: Role): Promise<Member> {
    return this.db.run(ctx, async (tx) => {
      const member = await this.mustFindForChange(tx, ctx, userId);
      await this.mustReach(tx, ctx, role);
      if (member.role === role) return member;
      if (role !== 'owner') await this.mustKeepAnOwner(tx, ctx, member);
      await tx.getRepository(WorkspaceMember).update({ workspaceId: ctx.workspaceId, userId }, { role });
      await this.audit.record(tx, ctx, 'member.role-changed', { userId, from: member.role, to: role });
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
    });
  }

  private async mustFindForChange(tx: Tx, ctx: WorkspaceContext, userId: string): Promise<Member> {
    // One change of members at a time, or two owners remove each other.
    await tx.query('select 1 from workspaces where id = $1 for update', [ctx.workspaceId]);
    const member = await this.mustFind(tx, ctx, userId);
    await this.mustReach(tx, ctx, member.role);
    return member;
  }

  private async mustFind(tx: Tx, ctx: WorkspaceContext, userId: string): Promise<Member> {
    const [member] = await this.select(tx, ctx, { userId, limit: 1 });
    if (!member) throw new AppError('member.not-found');
    return member;
  }

  private async mustReach(tx: Tx, ctx: WorkspaceContext, role: Role): Promise<void> {
    const { workspaceId, actor } = ctx;
    const own =
      actor.type === 'user' && (await tx.getRepository(WorkspaceMember).findOneBy({ workspaceId, userId: actor.id }));
    if (!own || !mayManage(own.role, role)) throw new AppError('access.denied');
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
