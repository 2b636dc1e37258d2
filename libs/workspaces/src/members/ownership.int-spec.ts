import { auditTrailOf } from '@app/audit/testing';
import { describeDatabase } from '@app/database/testing';
import { WorkspaceAccess } from '@app/http';
import { newId, type WorkspaceContext } from '@app/kernel';

import { type Person, WorkspacesApp } from '../testing/workspaces-app';
import { Members } from './members.service';

const LAST_OWNER = { code: 'member.last-owner' };

describeDatabase('ownership', (create) => {
  let app: WorkspacesApp;
  let owner: Person;
  let other: Person;
  let ctx: WorkspaceContext;

  beforeAll(async () => {
    app = await WorkspacesApp.start(create);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    [owner, other] = [await app.addPerson('olga'), await app.addPerson('mona')];
    ctx = await app.addWorkspace(owner);
  });

  const members = () => app.get(Members);
  const roleOf = ({ id }: Person) => app.get(WorkspaceAccess).roleOf(id, ctx.workspaceId);
  const lastAction = async () => (await auditTrailOf(app.database, { workspaceId: ctx.workspaceId })).at(-1);

  it('changes hands: the member becomes owner, the old owner admin, on record', async () => {
    await app.addMember(ctx, other, 'viewer');
    expect(await members().transfer(ctx, other.id)).toMatchObject({ id: other.id, role: 'owner' });
    expect([await roleOf(owner), await roleOf(other)]).toEqual(['admin', 'owner']);
    expect(await lastAction()).toMatchObject({
      action: 'workspace.transferred',
      actorId: owner.id,
      data: { from: owner.id, to: other.id },
    });
  });

  it('goes to members alone, never to oneself, and only from an owner', async () => {
    const asAdmin = await app.addMember(ctx, other, 'admin');
    await expect(members().transfer(ctx, newId())).rejects.toMatchObject({ code: 'member.not-found' });
    await expect(members().transfer(ctx, owner.id)).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(members().transfer(asAdmin, other.id)).rejects.toMatchObject({ code: 'access.denied' });
    expect([await roleOf(owner), await roleOf(other)]).toEqual(['owner', 'admin']);
  });

  it('is handed over once, however often it is tried at once', async () => {
    const third = await app.addPerson('nils');
    await app.addMember(ctx, other, 'viewer');
    await app.addMember(ctx, third, 'viewer');
    const tries = await Promise.allSettled([other, third].map(({ id }) => members().transfer(ctx, id)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const roles = [await roleOf(owner), await roleOf(other), await roleOf(third)];
    expect(roles.sort()).toEqual(['admin', 'owner', 'viewer']);
  });

  it('lets everybody leave but the last owner', async () => {
    const asMember = await app.addMember(ctx, other, 'viewer');
    await expect(members().leave(ctx)).rejects.toMatchObject(LAST_OWNER);
    await members().leave(asMember);
    expect([await roleOf(owner), await roleOf(other)]).toEqual(['owner', null]);
    expect(await lastAction()).toMatchObject({ action: 'member.left', actorId: other.id, data: { userId: other.id } });
    await expect(members().leave(asMember)).rejects.toMatchObject({ code: 'member.not-found' });
  });

  it('keeps an owner when two owners leave at once', async () => {
    const asOther = await app.addMember(ctx, other, 'owner');
    const results = await Promise.allSettled([members().leave(ctx), members().leave(asOther)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([await roleOf(owner), await roleOf(other)].filter((role) => role === 'owner')).toHaveLength(1);
  });

  it('keeps an owner when one leaves while the other hands over to somebody who leaves', async () => {
    const asOther = await app.addMember(ctx, other, 'owner');
    const third = await app.addPerson('nils');
    const asThird = await app.addMember(ctx, third, 'viewer');
    await Promise.allSettled([members().transfer(ctx, third.id), members().leave(asOther), members().leave(asThird)]);
    const roles = [await roleOf(owner), await roleOf(other), await roleOf(third)];
    expect(roles.filter((role) => role === 'owner').length).toBeGreaterThanOrEqual(1);
  });

  it('is not for API keys', async () => {
    const asKey: WorkspaceContext = { workspaceId: ctx.workspaceId, actor: { type: 'api-key', id: newId() } };
    await expect(members().leave(asKey)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(members().transfer(asKey, owner.id)).rejects.toMatchObject({ code: 'access.denied' });
  });
});
