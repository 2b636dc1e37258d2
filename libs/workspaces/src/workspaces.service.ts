import { AuditLog } from '@app/audit';
import { Accounts } from '@app/auth';
import { sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, decodeCursor, newId, type Page, toPage, type UserContext, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { onlyOneAtATime } from './members/member-rules';
import { WorkspaceMember } from './members/workspace-member';
import { Workspace } from './workspace';

/** A workspace as one of its members sees it. */
export interface OwnWorkspace {
  readonly id: string;
  readonly name: string;
  /** The reader's role. */
  readonly role: Role;
}

/** Strong validator (RFC 9110, 8.8.3) of what two admins may edit at once: the name. */
export const etagOf = ({ id, name }: OwnWorkspace): string =>
  `"${sha256(`${id}\n${name}`).toString('base64url').slice(0, 22)}"`;

@Injectable()
export class Workspaces {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
  ) {}

  /** A new workspace with the user as its owner. */
  async create(user: UserContext, name: string): Promise<OwnWorkspace> {
    const { requestId, ip } = user;
    const ctx = { workspaceId: newId(), actor: { type: 'user', id: user.userId }, requestId, ip } as const;
    return this.db.run(ctx, (tx) => this.add(tx, ctx, user.userId, name));
  }

  /** The same in a transaction that is open for the new workspace's id and for the user. */
  async add(tx: Tx, ctx: WorkspaceContext, ownerId: string, name: string): Promise<OwnWorkspace> {
    const { workspaceId } = ctx;
    await tx.getRepository(Workspace).insert({ id: workspaceId, name, suspendedAt: null });
    await tx.getRepository(WorkspaceMember).insert({ workspaceId, userId: ownerId, role: 'owner' });
    await this.audit.record(tx, ctx, 'workspace.created', { workspaceId });
    return { id: workspaceId, name, role: 'owner' };
  }

  /**
   * The user's own, oldest first.
   * @throws AppError `request.invalid` for a cursor this list did not issue
   */
  async list(user: UserContext, query: { limit: number; cursor?: string }): Promise<Page<OwnWorkspace>> {
    const after = query.cursor === undefined ? '' : decodeCursor(query.cursor);
    const own = await this.accounts.workspacesOf(user);
    return toPage(
      own.filter(({ id }) => id > after),
      query.limit,
    );
  }

  get(ctx: WorkspaceContext): Promise<OwnWorkspace> {
    return this.db.run(ctx, (tx) => this.mustFind(tx, ctx));
  }

  /**
   * @param ifMatch value of `If-Match`; left out, the last writer wins
   * @throws AppError `request.precondition-failed` when somebody renamed it since
   */
  async rename(ctx: WorkspaceContext, name: string, ifMatch?: string): Promise<OwnWorkspace> {
    return this.db.run(ctx, async (tx) => {
      await onlyOneAtATime(tx, ctx);
      const workspace = await this.mustFind(tx, ctx);
      if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(workspace)) {
        throw new AppError('request.precondition-failed');
      }
      if (workspace.name === name) return workspace;
      await tx.getRepository(Workspace).update(ctx.workspaceId, { name });
      await this.audit.record(tx, ctx, 'workspace.renamed', { workspaceId: ctx.workspaceId });
      return { ...workspace, name };
    });
  }

  private async mustFind(tx: Tx, { workspaceId, actor }: WorkspaceContext): Promise<OwnWorkspace> {
    const rows: OwnWorkspace[] = await tx.query(
      `select workspace.id, workspace.name, member.role
       from workspaces workspace join workspace_members member on member.workspace_id = workspace.id
       where workspace.id = $1 and member.user_id = $2`,
      [workspaceId, actor.type === 'system' ? null : actor.id],
    );
    if (!rows[0]) throw new AppError('workspace.not-found');
    return rows[0];
  }
}
