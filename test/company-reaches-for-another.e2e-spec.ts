import { Company } from './support/company';
import { exampleBody, textFields } from './support/example-body';
import { foreignEvents, foreignInboxEvents } from './support/foreign-events';
import { DASHBOARD, Inbox } from './support/inbox';
import { substitutions } from './support/foreign-ids';
import { inTurn, ONE_FILE } from './support/one-file';
import { documentedOperations, type Operation } from './support/open-api';
import { type RawAnswer, send } from './support/raw-http';
import { SignInElsewhere } from './support/sign-in-elsewhere';
import { describeStacks, type Stack } from './support/stack';
import { wrongIdsInBody, wrongIdsInQuery } from './support/wrong-ids';

/** What has to be true of every refusal here. */
interface Try {
  what: string;
  answer: RawAnswer;
  allowed: number[];
}

/**
 * Refusals that only what was found can give: a dangerous route asks for more, an invitation was mailed a moment ago, and
 * the heir in the example of a transfer is nobody.
 */
const REACHED = ['auth.step-up-required', 'limit.requests', 'member.not-found'];

describeStacks('A company reaches for another one’s things', (start) => {
  let stack: Stack;
  let operations: Operation[];
  let mine: Company;
  let theirs: Company;
  let elsewhere: SignInElsewhere;
  let before: Map<string, string>;

  beforeAll(async () => {
    elsewhere = await SignInElsewhere.open();
    stack = await start({
      ...elsewhere.env,
      LIMIT_MESSAGES_PER_MINUTE: '100000',
      CORS_ORIGINS: JSON.stringify([DASHBOARD]),
    });
    operations = await documentedOperations(stack.url);
    mine = await Company.found(stack.url, 'WALRUS-7731', elsewhere);
    theirs = await Company.found(stack.url, 'OSPREY-4402', elsewhere);
    before = await everythingOf(theirs);
  }, 180_000);

  afterAll(async () => {
    mine?.leave();
    theirs?.leave();
    await stack?.stop();
    await elsewhere?.close();
  });

  const inWorkspaces = (): Operation[] =>
    operations.filter(({ pathParameters, access }) => pathParameters.length > 0 && access !== 'public');

  /** Everything the company's owner can read, by operation. Reading leaves traces in the trail, so that is apart. */
  const everythingOf = async (company: Company): Promise<Map<string, string>> => {
    const read = operations.filter(({ method, path }) => method === 'GET' && path.includes('{') && !isTrail(path));
    const texts = new Map<string, string>();
    for (const operation of read) {
      const answer = await call(operation, company, company.address(operation));
      texts.set(operation.name, `${answer.status} ${answer.text.replace(/"lastUsedAt":"[^"]*"/g, '')}`);
    }
    return texts;
  };
  /** The export carries the time it was made at. */
  const isTrail = (path: string): boolean => path.includes('/audit-events') || path.endsWith('/knowledge-export');

  const call = (operation: Operation, as: Company, path: string, body = example(operation)): Promise<RawAnswer> =>
    send(stack.url, {
      method: operation.method,
      path,
      ...as.credentials(operation),
      ...(operation.isMultipart ? ONE_FILE : { body }),
    });

  const example = (operation: Operation) =>
    exampleBody(operation, { email: theirs.colleague.email, userId: mine.ids['userId'] });

  /** The faults of one try, each in words. */
  const faultsOf = ({ what, answer, allowed }: Try): string[] => {
    const faults: string[] = [];
    if (!allowed.includes(answer.status)) faults.push(`${what}: ${answer.status} ${answer.text.slice(0, 120)}`);
    if (answer.text.includes(theirs.canary)) faults.push(`${what}: tells ${theirs.canary}`);
    return faults;
  };

  const problem = (answer: RawAnswer): string => {
    const isProblem = answer.headers['content-type']?.includes('problem+json') ?? false;
    return isProblem ? String((JSON.parse(answer.text) as { code: string }).code) : '';
  };

  it('knows an example of every path parameter there is', () => {
    const unknown = inWorkspaces().flatMap(({ name, pathParameters }) =>
      pathParameters.filter((parameter) => !(parameter in mine.ids)).map((parameter) => `${name}: ${parameter}`),
    );
    expect(unknown).toEqual([]);
    expect(inWorkspaces().length).toBeGreaterThan(20);
  });

  it('A28 H12 and no id of theirs, in any place and shape, is ever found', async () => {
    const faults: string[] = [];
    for (const operation of inWorkspaces()) {
      for (const parameter of operation.pathParameters) {
        const foreign = theirs.ids[parameter] ?? '';
        const own = mine.ids[parameter] ?? '';
        const otherKind = parameter === 'embedId' ? mine.ids['documentId'] : mine.ids['embedId'];
        const attempt = async ({ name, value, isId }: ReturnType<typeof substitutions>[number]): Promise<string[]> => {
          const answer = await call(operation, mine, mine.address(operation, { [parameter]: value }));
          const what = `${operation.name} with ${parameter} ${name}`;
          return faultsOf({ what, answer, allowed: isId ? [404] : [400, 404] });
        };
        faults.push(...(await inTurn(operation, substitutions(foreign, own, otherKind ?? ''), attempt)));
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('H12 and the other way round: who belongs to another company finds nothing under their addresses', async () => {
    const faults: string[] = [];
    for (const operation of inWorkspaces()) {
      const answer = await call(operation, theirs, mine.address(operation));
      faults.push(...faultsOf({ what: operation.name, answer, allowed: [404] }));
      if (answer.text.includes(mine.canary)) faults.push(`${operation.name}: tells ${mine.canary}`);
      const path = mine.address(operation);
      const stranger = await send(stack.url, { method: operation.method, path, body: example(operation) });
      if (stranger.status !== 401 || problem(stranger) !== 'auth.required') faults.push(`${operation.name} is open`);
    }
    expect(faults).toEqual([]);
  });

  it('H12 and a body that names what is theirs, or something that is no id, is refused and changes nothing', async () => {
    await mine.admin.call('POST', '/v1/me/step-up', { password: mine.admin.password });
    const own = await everythingOf(mine);
    const faults: string[] = [];
    const tried = new Set<string>();
    // Visitors choose the ids of their messages; what their events take is tried below.
    const withBody = operations.filter(
      ({ body, access, isMultipart }) => body && !['public', 'visitor'].includes(access) && !isMultipart,
    );
    for (const operation of withBody) {
      for (const { field, value, allowed } of wrongIdsInBody(operation, theirs.ids)) {
        const answer = await call(operation, mine, mine.address(operation), { ...example(operation), [field]: value });
        const what = `${operation.name} with ${field} ${JSON.stringify(value)}`;
        faults.push(...faultsOf({ what, answer, allowed }));
        tried.add(`${operation.name} ${field}`);
      }
    }
    expect(faults).toEqual([]);
    expect(tried).toContain('POST /v1/workspaces/{workspaceId}/transfer userId');
    expect(tried.size).toBeGreaterThan(100);
    const now = await everythingOf(mine);
    expect([...own.keys()].filter((name) => now.get(name) !== own.get(name))).toEqual([]);
  }, 120_000);

  it('H12 and a query that names what is theirs finds nothing, and is refused where an id belongs and is none', async () => {
    const faults: string[] = [];
    const tried = new Set<string>();
    for (const operation of operations.filter(({ access, method }) => access !== 'public' && method === 'GET')) {
      for (const { field, value, allowed } of wrongIdsInQuery(operation, theirs.ids)) {
        const answer = await call(operation, mine, withQuery(mine.address(operation), field, value));
        const what = `${operation.name}?${field}=${value}`;
        faults.push(...faultsOf({ what, answer, allowed }));
        if (answer.status === 200 && !isEmpty(answer)) faults.push(`${what} finds ${answer.text.slice(0, 80)}`);
        tried.add(`${operation.name} ${field}`);
      }
    }
    expect(faults).toEqual([]);
    expect(tried).toContain('GET /v1/workspaces/{workspaceId}/audit-events actorId');
    expect(tried).toContain('GET /v1/workspaces/{workspaceId}/documents workspaceId');
  }, 120_000);
  const isEmpty = ({ text }: RawAnswer): boolean => text.trim() === '' || text.startsWith('{"items":[],');

  it('A27 and SQL in a text of a body or query is nothing but text', async () => {
    const faults: string[] = [];
    let tries = 0;
    for (const operation of inWorkspaces()) {
      const query = { properties: Object.fromEntries(operation.queryParameters.map((one) => [one.name, one.schema])) };
      const path = mine.address(operation);
      for (const sql of sqlFor(theirs.admin.workspaceId)) {
        const bodies = textFields(operation.body).map((field) =>
          call(operation, mine, path, { ...example(operation), [field]: sql }),
        );
        const queries = textFields(query).map((field) => call(operation, mine, withQuery(path, field, sql)));
        for (const answer of await Promise.all([...bodies, ...queries])) {
          tries += 1;
          const what = `${operation.name} with ${sql}`;
          faults.push(...faultsOf({ what, answer, allowed: [200, 201, 202, 204, 400, 404, 409] }));
        }
      }
    }
    expect(faults).toEqual([]);
    expect(tries).toBeGreaterThan(50);
  });

  it('and their place in a list leads nowhere', async () => {
    const faults: string[] = [];
    for (const operation of operations.filter(({ queryParameters }) => queryParameters.some(isCursor))) {
      const page = await call(operation, theirs, withQuery(theirs.address(operation), 'limit', '1'));
      const own = (JSON.parse(page.text) as { nextCursor: string | null }).nextCursor;
      const made = Object.values(theirs.ids).map((id) => Buffer.from(id).toString('base64url'));
      for (const cursor of [...made, ...(own ? [own] : [])]) {
        const answer = await call(operation, mine, withQuery(mine.address(operation), 'cursor', cursor));
        faults.push(...faultsOf({ what: `${operation.name} after ${cursor}`, answer, allowed: [200, 400] }));
      }
    }
    expect(faults).toEqual([]);
  });
  const isCursor = ({ name }: { name: string }): boolean => name === 'cursor';

  it('and nothing of theirs has changed, and their trail has no trace of it', async () => {
    const now = await everythingOf(theirs);
    expect([...before.keys()].filter((name) => now.get(name) !== before.get(name))).toEqual([]);
    expect([...before.values()].filter((text) => text.includes(theirs.canary)).length).toBeGreaterThan(5);
    const trail = await theirs.admin.inWorkspace<{ items: unknown[] }>('GET', '/audit-events?limit=100');
    expect(trail.body.items.length).toBeGreaterThan(5);
    expect(JSON.stringify(trail.body)).not.toContain(mine.admin.session.user.id);
  });

  it('and on the socket no event takes what is theirs, nor anything it does not expect', async () => {
    const faults: string[] = [];
    for (const { what, event, payload } of foreignEvents(mine, theirs)) {
      const ack = await mine.visitor.emit<unknown>(event, payload);
      const text = JSON.stringify(ack);
      if (ack.ok || ack.problem.status >= 500) faults.push(`${what}: ${text}`);
      if (text.includes(theirs.canary)) faults.push(`${what}: tells ${theirs.canary}`);
    }
    expect(faults).toEqual([]);
    expect(await mine.visitor.history()).toHaveLength(2);
  });

  it('and in the inbox no event takes what is theirs, nor anything it does not expect', async () => {
    const inbox = await Inbox.open(stack.url, mine.admin.session.accessToken, mine.admin.workspaceId);
    const faults: string[] = [];
    for (const { what, event, payload } of foreignInboxEvents(mine, theirs)) {
      const ack = await inbox.emit<unknown>(event, payload);
      const text = JSON.stringify(ack);
      if (ack.ok || ack.problem.status >= 500) faults.push(`${what}: ${text}`);
      if (text.includes(theirs.canary)) faults.push(`${what}: tells ${theirs.canary}`);
    }
    expect(faults).toEqual([]);
    expect(await inbox.emit('conversation-list', {})).toMatchObject({ ok: true, data: { items: [{ lastSeq: 2 }] } });
    inbox.leave();
  });

  it('and the id of their message names another one here', async () => {
    const [question] = await theirs.visitor.history();
    const ack = await mine.visitor.send('Is this the same message?', question?.clientMessageId);
    expect(ack.ok && ack.data.messageId).not.toBe(question?.id);
    expect(JSON.stringify(await mine.visitor.history())).not.toContain(theirs.canary);
    expect(await theirs.visitor.history()).toHaveLength(2);
  });

  it('while every one of these routes finds what is their own', async () => {
    const faults: string[] = [];
    for (const operation of inWorkspaces().sort(byDamage)) {
      const answer = await call(operation, mine, mine.address(operation));
      const isFound = answer.status < 300 || answer.status === 409 || REACHED.includes(problem(answer));
      if (!isFound && !operation.isMultipart) faults.push(`${operation.name}: ${answer.status} ${answer.text}`);
    }
    expect(faults).toEqual([]);
  });
});

/** What would show, change or lock something if it ever became part of a statement. */
const sqlFor = (workspaceId: string): string[] => [
  `' or '1'='1`,
  `'); select set_config('app.workspace_id', '${workspaceId}', false); --`,
  `' union select text from chunks --`,
  `\\'; drop table documents; --`,
  `$1; select pg_sleep(30)`,
];

const withQuery = (path: string, name: string, value: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

/** Reading first, then changing, then deleting from the leaves up, and giving the workspace away at last. */
function byDamage(a: Operation, b: Operation): number {
  const rank = ({ method, path, pathParameters }: Operation): number => {
    if (/\/(transfer|leave)$/.test(path)) return 100;
    // Takes away what deleting a part still looks for, and needs what deleting the whole takes away.
    if (path.endsWith('/rotate')) return 29.5 - pathParameters.length;
    return ['GET', 'PUT', 'POST', 'DELETE'].indexOf(method) * 10 - (method === 'DELETE' ? pathParameters.length : 0);
  };
  return rank(a) - rank(b);
}
