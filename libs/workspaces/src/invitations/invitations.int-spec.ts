import { AuditLog } from '@app/audit';
import { auditTrailOf } from '@app/audit/testing';
import { describeDatabase } from '@app/database/testing';
import { WorkspaceAccess } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';

import { Members } from '../members/members.service';
import { StandingChanges } from '../members/standing-changes';
import { WorkspaceSuspensions } from '../suspensions.service';
import { type Person, userOf, WorkspacesApp } from '../testing/workspaces-app';
import { InvitationAnswers } from './invitation-answers.service';
import { Invitations } from './invitations.service';

const NOT_FOUND = { code: 'invitation.not-found' };
const WEEK = 7 * 24 * 3600;

describeDatabase('invitations', (create) => {
  let app: WorkspacesApp;
  let owner: Person;
  let ctx: WorkspaceContext;

  beforeAll(async () => {
    app = await WorkspacesApp.start(create);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    owner = await app.addPerson('olga');
    ctx = await app.addWorkspace(owner);
  });

  const invitations = () => app.get(Invitations);
  const accept = (person: Person, token: string) => app.get(InvitationAnswers).accept(userOf(person), token);
  const suspensions = () =>
    new WorkspaceSuspensions(app.database.db, app.get(AuditLog), app.clock, app.get(StandingChanges));
  const roleOf = ({ id }: Person) => app.get(WorkspaceAccess).roleOf(id, ctx.workspaceId);

  it('lets the invited person in, once, in the role that was offered', async () => {
    const mona = await app.addPerson('mona');
    const invitation = await invitations().invite(ctx, mona.email.toUpperCase(), 'editor');
    expect(invitation).toMatchObject({ email: mona.email, role: 'editor', invitedBy: owner.id });
    const token = app.tokenFor(mona);
    expect(await roleOf(mona)).toBeNull();
    expect(await accept(mona, token)).toEqual({ id: ctx.workspaceId, name: 'Blue Kettle', role: 'editor' });
    expect(await roleOf(mona)).toBe('editor');
    await expect(accept(mona, token)).rejects.toMatchObject(NOT_FOUND);
    expect(await invitations().list(ctx, { limit: 10 })).toEqual({ items: [], nextCursor: null });
    const trail = await auditTrailOf(app.database, { workspaceId: ctx.workspaceId });
    expect(trail.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['workspace.created', owner.id],
      ['invitation.sent', owner.id],
      ['member.added', mona.id],
    ]);
    expect(JSON.stringify(trail)).not.toContain(mona.email);
  });

  it('says the same about an address with an account and one without, in the answer and in the mail', async () => {
    const mona = await app.addPerson('mona');
    const stranger = { email: `stranger.${mona.id}@example.com` };
    const answers = [mona, stranger].map(({ email }) => invitations().invite(ctx, email, 'viewer'));
    const [known, unknown] = await Promise.all(answers);
    const varying = { id: '', email: '', sentAt: null, expiresAt: null };
    expect({ ...unknown, ...varying }).toEqual({ ...known, ...varying });
    const texts = [mona, stranger].map((who) => {
      const { subject, text } = app.mails.findLast(({ to }) => to === who.email) ?? { subject: '', text: '' };
      return [subject, text.replace(app.tokenFor(who), '')];
    });
    expect(texts[0]).toEqual(texts[1]);
  });

  it('A26 keeps the address sealed and the token as a hash', async () => {
    const mona = await app.addPerson('mona');
    await invitations().invite(ctx, mona.email, 'viewer');
    const token = app.tokenFor(mona);
    expect(token).toMatch(/^cc_inv_[\w-]{43}$/);
    const rows = await app.database.inspect<{ email: string }>('select * from invitations where workspace_id = $1', [
      ctx.workspaceId,
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.email).toMatch(/^v1\./);
    expect(JSON.stringify(rows)).not.toContain(mona.email);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('opens for nobody but the invited address', async () => {
    const [mona, ben] = [await app.addPerson('mona'), await app.addPerson('ben')];
    await invitations().invite(ctx, mona.email, 'viewer');
    await expect(accept(ben, app.tokenFor(mona))).rejects.toMatchObject(NOT_FOUND);
    expect(await roleOf(ben)).toBeNull();
    await expect(accept(mona, app.tokenFor(mona))).resolves.toMatchObject({ role: 'viewer' });
  });

  it('is closed a week later, and can be made again then', async () => {
    const mona = await app.addPerson('mona');
    await invitations().invite(ctx, mona.email, 'viewer');
    const token = app.tokenFor(mona);
    await expect(invitations().invite(ctx, mona.email, 'viewer')).rejects.toMatchObject({ code: 'invitation.exists' });
    app.clock.advance(WEEK);
    await expect(accept(mona, token)).rejects.toMatchObject(NOT_FOUND);
    expect((await invitations().list(ctx, { limit: 10 })).items).toEqual([]);
    await invitations().invite(ctx, mona.email, 'agent');
    await expect(accept(mona, app.tokenFor(mona))).resolves.toMatchObject({ role: 'agent' });
  });

  it('is dead once it is withdrawn, and not found twice', async () => {
    const mona = await app.addPerson('mona');
    const { id } = await invitations().invite(ctx, mona.email, 'viewer');
    await invitations().withdraw(ctx, id);
    await expect(invitations().withdraw(ctx, id)).rejects.toMatchObject(NOT_FOUND);
    await expect(accept(mona, app.tokenFor(mona))).rejects.toMatchObject(NOT_FOUND);
  });

  it('can be mailed again after a minute; the first link is dead then', async () => {
    const mona = await app.addPerson('mona');
    const { id } = await invitations().invite(ctx, mona.email, 'viewer');
    const first = app.tokenFor(mona);
    await expect(invitations().resend(ctx, id)).rejects.toMatchObject({ code: 'limit.requests' });
    app.clock.advance(60);
    await invitations().resend(ctx, id);
    await expect(accept(mona, first)).rejects.toMatchObject(NOT_FOUND);
    await expect(accept(mona, app.tokenFor(mona))).resolves.toMatchObject({ role: 'viewer' });
  });

  it('is refused for members, and for roles above the inviting one', async () => {
    const [mona, third] = [await app.addPerson('mona'), await app.addPerson('third')];
    const asAdmin = await app.addMember(ctx, mona, 'admin');
    const invite = (email: string, role: 'owner' | 'admin') => invitations().invite(asAdmin, email, role);
    await expect(invite(owner.email, 'admin')).rejects.toMatchObject({ code: 'member.exists' });
    await expect(invite(third.email, 'owner')).rejects.toMatchObject({ code: 'access.denied' });
    const { id } = await invitations().invite(ctx, third.email, 'owner');
    await expect(invitations().withdraw(asAdmin, id)).rejects.toMatchObject({ code: 'access.denied' });
    app.clock.advance(60);
    await expect(invitations().resend(asAdmin, id)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('T15 dies with the membership of its sender, until somebody else sends it again', async () => {
    const [mona, third] = [await app.addPerson('mona'), await app.addPerson('third')];
    const asAdmin = await app.addMember(ctx, mona, 'admin');
    const { id } = await invitations().invite(asAdmin, third.email, 'admin');
    await app.get(Members).remove(ctx, mona.id);
    await expect(accept(third, app.tokenFor(third))).rejects.toMatchObject(NOT_FOUND);
    app.clock.advance(60);
    await invitations().resend(ctx, id);
    await expect(accept(third, app.tokenFor(third))).resolves.toMatchObject({ role: 'admin' });
  });

  it('lets one of many clicks at once in', async () => {
    const mona = await app.addPerson('mona');
    await invitations().invite(ctx, mona.email, 'viewer');
    const token = app.tokenFor(mona);
    const clicks = await Promise.allSettled(Array.from({ length: 5 }, () => accept(mona, token)));
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await roleOf(mona)).toBe('viewer');
  });

  it('is nothing to other workspaces', async () => {
    const [mona, ben] = [await app.addPerson('mona'), await app.addPerson('ben')];
    const other = await app.addWorkspace(ben);
    const { id } = await invitations().invite(ctx, mona.email, 'viewer');
    await expect(invitations().withdraw(other, id)).rejects.toMatchObject(NOT_FOUND);
    await expect(invitations().resend(other, id)).rejects.toMatchObject(NOT_FOUND);
    expect((await invitations().list(other, { limit: 10 })).items).toEqual([]);
    await expect(invitations().invite(other, mona.email, 'agent')).resolves.toMatchObject({ role: 'agent' });
  });

  it('is listed page by page, newest first, and stops at a hundred', async () => {
    for (let number = 0; number < 100; number += 1) {
      await invitations().invite(ctx, `guest.${number}.${owner.id}@example.com`, 'viewer');
    }
    const one = await invitations().list(ctx, { limit: 60 });
    const two = await invitations().list(ctx, { limit: 60, cursor: one.nextCursor ?? '' });
    const numbers = [...one.items, ...two.items].map(({ email }) => Number(email.split('.')[1]));
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index));
    const more = invitations().invite(ctx, `one.more.${owner.id}@example.com`, 'viewer');
    await expect(more).rejects.toMatchObject({ code: 'invitation.too-many' });
  });

  it('does not lead into a suspended workspace', async () => {
    const mona = await app.addPerson('mona');
    await invitations().invite(ctx, mona.email, 'viewer');
    await suspensions().suspend(ctx.workspaceId);
    await expect(accept(mona, app.tokenFor(mona))).rejects.toMatchObject(NOT_FOUND);
    expect(await roleOf(owner)).toBe('suspended');
    await suspensions().restore(ctx.workspaceId);
    expect(await roleOf(owner)).toBe('owner');
    await expect(accept(mona, app.tokenFor(mona))).resolves.toMatchObject({ role: 'viewer' });
  });
});
