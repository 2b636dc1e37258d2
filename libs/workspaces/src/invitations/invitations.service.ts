import { type AuditAction, AuditLog } from '@app/audit';
import { Accounts } from '@app/auth';
import { randomToken, sha256 } from '@app/crypto';
import { isUniqueViolation, type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual, MoreThan } from 'typeorm';

import { mustReach, onlyOneAtATime } from '../members/member-rules';
import { WorkspaceMember } from '../members/workspace-member';
import { Invitation } from './invitation';
import { InvitationAddresses } from './invitation-addresses';
import { InvitationMail } from './invitation-mail';
import { INVITATION_DAYS, MAX_OPEN_INVITATIONS, RESEND_SECONDS } from './invitation-terms';

/** An open invitation as the workspace's admins see it. */
export interface OpenInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly sentAt: Date;
  readonly expiresAt: Date;
}

const TOKEN_PREFIX = 'cc_inv_';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Invites people into a workspace. `InvitationAnswers` is their side of it. */
@Injectable()
export class Invitations {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly addresses: InvitationAddresses,
    private readonly mails: InvitationMail,
    private readonly clock: Clock,
  ) {}

  /**
   * Invites an address, and does the same for one with an account and one without.
   * @throws AppError `access.denied` for a role above the actor's own, `member.exists`, `invitation.exists`,
   * `invitation.too-many`
   */
  async invite(ctx: WorkspaceContext, email: string, role: Role): Promise<OpenInvitation> {
    const account = await this.accounts.findByEmail(email);
    const token = randomToken(TOKEN_PREFIX);
    const invitation = await this.db.run(ctx, async (tx) => {
      await onlyOneAtATime(tx, ctx);
      const invitedBy = await mustReach(tx, ctx, role);
      if (account) await this.mustNotBeMember(tx, ctx, account.id);
      await this.makeRoom(tx, ctx);
      const made = this.newInvitation(ctx, { email, role, invitedBy, token });
      await this.insert(tx, made);
      await this.record(tx, ctx, 'invitation.sent', made);
      return made;
    });
    return this.send(invitation, token);
  }

  /**
   * Newest first; those that are over are not listed.
   * @throws AppError `request.invalid` for a cursor this list did not issue
   */
  async list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<OpenInvitation>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const { workspaceId } = ctx;
    const rows = await this.db.run(ctx, (tx) =>
      tx.getRepository(Invitation).find({
        where: {
          workspaceId,
          expiresAt: MoreThan(this.clock.now()),
          ...(before !== undefined && { id: LessThan(before) }),
        },
        order: { id: 'DESC' },
        take: query.limit + 1,
      }),
    );
    const { items, nextCursor } = toPage(rows, query.limit);
    return { items: items.map((row) => this.toOpen(row)), nextCursor };
  }

  /**
   * Mails it again, with a new link and seven more days, in the name of who asks. The old link is dead.
   * @throws AppError `invitation.not-found`, `access.denied`, `limit.requests` within a minute of the last mail
   */
  async resend(ctx: WorkspaceContext, id: string): Promise<OpenInvitation> {
    const token = randomToken(TOKEN_PREFIX);
    const invitation = await this.db.run(ctx, async (tx) => {
      const found = await this.mustFind(tx, ctx, id);
      const invitedBy = await mustReach(tx, ctx, found.role);
      this.mustNotBeTooSoon(found);
      const renewed: Invitation = { ...found, invitedBy, tokenHash: sha256(token), ...this.term() };
      await tx.getRepository(Invitation).save(renewed);
      await this.record(tx, ctx, 'invitation.sent-again', renewed);
      return renewed;
    });
    return this.send(invitation, token);
  }

  /** @throws AppError `invitation.not-found`, `access.denied` for one to a role above the actor's own */
  async withdraw(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const invitation = await this.mustFind(tx, ctx, id);
      await mustReach(tx, ctx, invitation.role);
      await tx.getRepository(Invitation).delete({ workspaceId: ctx.workspaceId, id });
      await this.record(tx, ctx, 'invitation.withdrawn', invitation);
    });
  }

  /** After the commit. Should it fail, the invitation is there, and can be mailed again. */
  private async send(invitation: Invitation, token: string): Promise<OpenInvitation> {
    const open = this.toOpen(invitation);
    await this.mails.post(open.email, token);
    return open;
  }

  private newInvitation(
    { workspaceId }: WorkspaceContext,
    { email, role, invitedBy, token }: { email: string; role: Role; invitedBy: string; token: string },
  ): Invitation {
    const row = { workspaceId, id: newId() };
    const term = this.term();
    const address = this.addresses.seal(row, email);
    return { ...row, ...address, role, invitedBy, tokenHash: sha256(token), createdAt: term.sentAt, ...term };
  }

  private term(): Pick<Invitation, 'sentAt' | 'expiresAt'> {
    const sentAt = this.clock.now();
    return { sentAt, expiresAt: new Date(sentAt.getTime() + INVITATION_DAYS * DAY_MS) };
  }

  private async insert(tx: Tx, invitation: Invitation): Promise<void> {
    try {
      await tx.getRepository(Invitation).insert(invitation);
    } catch (cause) {
      throw isUniqueViolation(cause) ? new AppError('invitation.exists', { cause }) : cause;
    }
  }

  /** Also removes those that are over, so that their addresses can be invited again. */
  private async makeRoom(tx: Tx, { workspaceId }: WorkspaceContext): Promise<void> {
    const invitations = tx.getRepository(Invitation);
    await invitations.delete({ workspaceId, expiresAt: LessThanOrEqual(this.clock.now()) });
    if ((await invitations.countBy({ workspaceId })) >= MAX_OPEN_INVITATIONS) throw new AppError('invitation.too-many');
  }

  /** Its admins see the members' addresses anyway. */
  private async mustNotBeMember(tx: Tx, { workspaceId }: WorkspaceContext, userId: string): Promise<void> {
    const isMember = await tx.getRepository(WorkspaceMember).existsBy({ workspaceId, userId });
    if (isMember) throw new AppError('member.exists');
  }

  private async mustFind(tx: Tx, ctx: WorkspaceContext, id: string): Promise<Invitation> {
    await onlyOneAtATime(tx, ctx);
    const invitation = await tx.getRepository(Invitation).findOneBy({
      workspaceId: ctx.workspaceId,
      id,
      expiresAt: MoreThan(this.clock.now()),
    });
    if (!invitation) throw new AppError('invitation.not-found');
    return invitation;
  }

  private mustNotBeTooSoon({ sentAt }: Invitation): void {
    const waited = (this.clock.now().getTime() - sentAt.getTime()) / 1000;
    if (waited >= RESEND_SECONDS) return;
    throw new AppError('limit.requests', { retryAfterSeconds: Math.ceil(RESEND_SECONDS - waited) });
  }

  private record(tx: Tx, ctx: WorkspaceContext, action: AuditAction, { id, role }: Invitation): Promise<void> {
    return this.audit.record(tx, ctx, action, { invitationId: id, role });
  }

  private toOpen(invitation: Invitation): OpenInvitation {
    const { id, role, invitedBy, sentAt, expiresAt } = invitation;
    return { id, email: this.addresses.open(invitation), role, invitedBy, sentAt, expiresAt };
  }
}
