import { randomUUID } from 'node:crypto';
import { LocalNameServer } from '@app/web-fetch/testing';
import { Admin, call } from './support/admin';
import { AUDITED_OPERATIONS, CHANGES_NOTHING, SILENT_NAME } from './support/audited-operations';
import { Command } from './support/command';
import { documentedOperations } from './support/open-api';
import { arrive, SignInElsewhere, somebody, step } from './support/sign-in-elsewhere';
import { describeServerStack, describeStacks, type Stack } from './support/stack';

interface Row {
  action: string;
  result: string;
  actorId: string | null;
  hasAddress: boolean;
  data: Record<string, unknown>;
}

describeServerStack('Every change is on the record', (start) => {
  let stack: Stack;
  let elsewhere: SignInElsewhere;
  const names = new LocalNameServer();
  beforeAll(async () => {
    elsewhere = await SignInElsewhere.open();
    names.names.set(SILENT_NAME, 'silence');
    stack = await start({ ...elsewhere.env, WEB_FETCH_TEST_DNS: await names.start() });
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    await names.stop();
    await elsewhere?.close();
  });

  /** What the trail says of one request. */
  const rowsOf = async ({ headers }: { headers: Headers }): Promise<Row[]> => {
    const id = headers.get('x-request-id') ?? '';
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const rows = await stack.inspect<Row>(
      `select e.action, e.result, e.actor_id as "actorId", e.data,
         e.ip_index is not null and exists (select from audit_addresses a where a.event_id = e.id) as "hasAddress"
       from audit_events e where e.request_id = '${id}' order by e.action`,
    );
    return rows ?? [];
  };

  it('A29 D04 and a new route that writes has a line in the table', async () => {
    const documented = (await documentedOperations(stack.url)).filter(({ method }) => method !== 'OPTIONS');
    const known = [...Object.keys(AUDITED_OPERATIONS), ...CHANGES_NOTHING];
    const [reading, writing] = [new Set<string>(), new Set<string>()];
    for (const { name, method } of documented) (method === 'GET' ? reading : writing).add(name);
    expect([...writing].filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !writing.has(name) && !reading.has(name))).toEqual([]);
    expect(writing.size).toBeGreaterThan(30);
  });

  it.each(Object.entries(AUDITED_OPERATIONS))(
    'A29 D04 %s is one row with actor, address, result and request',
    async (_name, { actions, make }) => {
      const { answer, actorId } = await make(stack, elsewhere);
      expect([answer.status < 400, answer.body]).toEqual([true, answer.body]);
      const rows = await rowsOf(answer);
      const shape = { result: 'succeeded', actorId, hasAddress: true, data: expect.any(Object) };
      expect(rows).toEqual([...actions].sort().map((action) => ({ action, ...shape })));
    },
    120_000,
  );

  it('A29 D04 and so is an account made by a sign-in elsewhere, and one that failed', async () => {
    const depart = async () => {
      const started = await step(`${stack.url}/v1/auth/oidc/start`);
      return elsewhere.travel(somebody(), started.headers.get('location') ?? '', started.headers);
    };
    const rows = await rowsOf(await arrive(stack.url, await depart()));
    expect(rows.map(({ action, hasAddress }) => [action, hasAddress])).toEqual([
      ['identity.linked', true],
      ['session.started', true],
      ['user.registered', true],
    ]);
    expect(new Set(rows.map(({ actorId }) => actorId)).size).toBe(1);
    const trip = await depart();
    const failed = await arrive(stack.url, { ...trip, callback: trip.callback.replace(/state=[^&]+/, 'state=x') });
    expect(await rowsOf(failed)).toMatchObject([
      { action: 'identity.sign-in-failed', result: 'failed', hasAddress: true },
    ]);
  });

  it('A29 D04 and so is a sign-in that failed', async () => {
    const { email, session } = await Admin.register(stack.url);
    const wrong = await call(stack.url, 'POST', '/v1/auth/login', { body: { email, password: 'Wrong-harbour-99' } });
    expect(await rowsOf(wrong)).toEqual([
      {
        action: 'session.start-failed',
        result: 'failed',
        actorId: session.user.id,
        hasAddress: true,
        data: { reason: 'wrong-password' },
      },
    ]);
  });

  it('A29 D04 and so is each request that was refused, with what it asked for', async () => {
    const [owner, viewer, stranger] = [
      await Admin.register(stack.url),
      await Admin.register(stack.url),
      await Admin.register(stack.url),
    ];
    await owner.addMember(viewer, 'viewer');
    const [workspaceId, embedId] = [owner.workspaceId, randomUUID()];
    const path = `/v1/workspaces/${workspaceId}/embeds/${embedId}`;
    const route = 'DELETE /v1/workspaces/:workspaceId/embeds/:embedId';
    const refused: [Admin, string][] = [
      [viewer, 'permission-missing'],
      [stranger, 'not-a-member'],
      [owner, 'embed.not-found'],
    ];
    for (const [who, reason] of refused) {
      const answer = await who.call('DELETE', path);
      expect([403, 404]).toContain(answer.status);
      const data = { route, reason, workspaceId, embedId };
      const actorId = who.session.user.id;
      expect(await rowsOf(answer)).toEqual([
        { action: 'access.denied', result: 'denied', actorId, hasAddress: true, data },
      ]);
    }
  });

  it('D04 but strangers write no row, only a line in the log', async () => {
    for (const token of [undefined, 'no.such.token']) {
      const answer = await call(stack.url, 'GET', '/v1/me', { token });
      expect([answer.status, await rowsOf(answer)]).toEqual([401, []]);
      expect(stack.api.log).toContain(answer.headers.get('x-request-id'));
    }
  });
});

describeStacks('An auditor reads the record', (start) => {
  let stack: Stack;
  let admin: Admin;
  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
    admin = await Admin.register(stack.url);
    await admin.createEmbed(['https://a.example.com'], '=cmd()');
    await admin.call('DELETE', `/v1/workspaces/${admin.workspaceId}/embeds/${randomUUID()}`);
  }, 180_000);
  afterAll(() => stack?.stop());

  /** As text: lines of JSON are not JSON. */
  const exported = async (query: string): Promise<{ status: number; headers: Headers; body: string }> => {
    const authorization = `Bearer ${admin.session.accessToken}`;
    const address = `${stack.url}/v1/workspaces/${admin.workspaceId}/audit-events/export?${query}`;
    const answer = await fetch(address, { headers: { authorization } });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };
  const actionsOf = async (query: string): Promise<string[]> => {
    const { body } = await admin.inWorkspace<{ items: { action: string }[] }>('GET', `/audit-events?${query}`);
    return body.items.map(({ action }) => action);
  };

  it('A29 with filters', async () => {
    expect(await actionsOf('result=denied')).toEqual(['access.denied']);
    expect(await actionsOf('action=embed.created&actorType=user')).toEqual(['embed.created']);
    expect(await actionsOf(`actorId=${randomUUID()}`)).toEqual([]);
    expect(await actionsOf('from=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await actionsOf('to=2000-01-01T00:00:00Z')).toEqual([]);
    const { status } = await admin.inWorkspace('GET', '/audit-events?from=yesterday');
    expect(status).toBe(400);
  });

  it('A29 D04 as NDJSON and CSV, to be kept as a file, and each export is an event itself', async () => {
    const lines = await exported('format=ndjson');
    expect(lines.headers.get('content-disposition')).toBe('attachment; filename="audit-events.ndjson"');
    expect(lines.headers.get('x-content-type-options')).toBe('nosniff');
    const events = lines.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { position: number; action: string; ip: string; hash: string });
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ action: 'audit.exported', ip: '127.0.0.1' });
    const table = await exported('format=csv&action=audit.exported');
    expect(table.headers.get('content-type')).toContain('text/csv');
    expect(table.body.trim().split('\r\n')).toHaveLength(3);
    expect((await exported('format=xml')).status).toBe(400);
  });

  it('A29 D04 D05 as one chain, whichever node wrote to it, also when both do at once', async () => {
    const rename = (name: string) =>
      call(stack.nextUrl, 'PUT', `/v1/workspaces/${admin.workspaceId}`, {
        body: { name },
        token: admin.session.accessToken,
      });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => rename(`Name ${n}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { body } = await exported('format=ndjson');
    const events = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { position: number; action: string });
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ action }) => action === 'workspace.renamed')).toHaveLength(20);
  });

  it('D05 and verifies it at rest: whole, until somebody changes a row behind the product’s back', async () => {
    if (!stack.server) {
      const running = await Command.run(stack, 'audit:verify');
      expect([running.code, running.output]).toEqual([2, expect.stringContaining('could not be verified')]);
      await stack.api.stop();
    }
    const whole = await Command.run(stack, 'audit:verify');
    expect([whole.code, whole.output]).toEqual([0, expect.stringContaining('0 manipulations')]);
    if (!stack.server) return;
    await stack.inspect(`alter table audit_events disable trigger user`);
    await stack.inspect(`delete from audit_events where workspace_id = '${admin.workspaceId}' and seq = 2`);
    const broken = await Command.run(stack, 'audit:verify');
    expect([broken.code, broken.output]).toEqual([
      1,
      expect.stringContaining(`workspace ${admin.workspaceId}, position 2: rows are missing`),
    ]);
  }, 120_000);
});
