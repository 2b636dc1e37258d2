import { randomUUID } from 'node:crypto';
import { API_KEY_PERMISSIONS, PERMISSIONS_BY_ROLE, type Role } from '@app/http';
import { Admin } from './support/admin';
import { documentedOperations, type Operation } from './support/open-api';
import { type RawAnswer, send } from './support/raw-http';
import { accessFaults } from './support/reviewed-access';
import { describeStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
/** From the least to the most: who can leave by a route without a body has done so before somebody above does. */
const ROLES = ['viewer', 'agent', 'editor', 'admin', 'owner'] as const satisfies readonly Role[];
type Outcome = 'allowed' | 'denied' | 'not found' | 'unknown' | 'broken';

describeStack('Members stay within their role', (start) => {
  let stack: Stack;
  let operations: Operation[];
  let owner: Admin;
  let stranger: Admin;
  const people = new Map<Role, Admin>();
  let visitorToken: string;
  /** By what the key may do. */
  const keys = new Map<string, string>();

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
    operations = await documentedOperations(stack.url);
    owner = await Admin.register(stack.url, 'The company');
    stranger = await Admin.register(stack.url, 'Somewhere else');
    for (const role of ROLES.filter((name) => name !== 'owner')) {
      const person = await Admin.register(stack.url, `The ${role}’s own`);
      await owner.addMember(person, role);
      people.set(role, person);
    }
    people.set('owner', owner);
    const { embedKey } = await owner.createEmbed([SITE]);
    visitorToken = (await Visitor.openSession(stack.url, embedKey, SITE)).visitorToken;
    for (const scopes of [['documents.read'], [...API_KEY_PERMISSIONS]]) {
      const made = await owner.inWorkspace<{ key: string }>('POST', '/api-keys', { name: 'A program', scopes });
      keys.set(scopes.join(), made.body.key);
    }
  }, 180_000);

  afterAll(() => stack?.stop());

  /** At an id nobody has and with nothing in the body: who may call it gets as far as a fault of the request. */
  const outcomeOf = async ({ method, path, body }: Operation, token?: string, url = stack.url): Promise<Outcome> => {
    const address = path.replace('{workspaceId}', owner.workspaceId).replace(/\{\w+\}/g, () => randomUUID());
    return toOutcome(await send(url, { method, path: address, token, body: body ? {} : undefined }));
  };

  /** Reading first; what changes something without being told what, late; leaving, after which nobody is who they were, last. */
  const inWorkspace = (): Operation[] =>
    operations.filter(({ path }) => path.includes('{workspaceId}')).sort((a, b) => rashnessOf(a) - rashnessOf(b));

  /** Everybody there is: who they are, their token, and what should come of an operation. */
  const callers = (): [string, string, (operation: Operation) => Outcome][] => [
    ...ROLES.map((role): [string, string, (operation: Operation) => Outcome] => {
      const granted: ReadonlySet<string> = PERMISSIONS_BY_ROLE[role];
      const token = people.get(role)?.session.accessToken ?? '';
      return [role, token, ({ access }) => (granted.has(access) ? 'allowed' : 'denied')];
    }),
    ...[...keys].map(([scopes, key]): [string, string, (operation: Operation) => Outcome] => {
      const granted = scopes.split(',');
      const mayDo = ({ access, isStepUp }: Operation): boolean => granted.includes(access) && !isStepUp;
      return [`key for ${scopes}`, key, (operation) => (mayDo(operation) ? 'allowed' : 'denied')];
    }),
    ['stranger', stranger.session.accessToken, () => 'not found'],
    ['visitor', visitorToken, () => 'unknown'],
  ];

  it('I07 and every route asks for what people agreed it should', () => {
    expect(operations.length).toBeGreaterThan(25);
    expect(accessFaults(operations)).toEqual([]);
  });

  it.each([
    ['asks for less', 'documents.read'],
    ['asks for nothing but a user', 'signed-in'],
    ['asks for nobody', 'public'],
    ['was forgotten', 'none'],
  ])('I07 so that one that %s is noticed', (_name, access) => {
    const lowered = operations.map((operation) =>
      operation.name === 'DELETE /v1/workspaces/{workspaceId}/documents/{documentId}'
        ? { ...operation, access }
        : operation,
    );
    expect(accessFaults(lowered)).toEqual([
      `DELETE /v1/workspaces/{workspaceId}/documents/{documentId} asks for ${access} instead of documents.write`,
    ]);
  });

  it('I07 and each does at each route of a workspace exactly what the table of permissions says', async () => {
    const faults: string[] = [];
    for (const operation of inWorkspace()) {
      for (const [who, token, expectedOf] of callers()) {
        const outcome = await outcomeOf(operation, token);
        const expected = expectedOf(operation);
        if (outcome !== expected) faults.push(`${operation.name} as ${who}: ${outcome}, not ${expected}`);
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('I07 B38 and the routes of one’s own account are for users alone', async () => {
    const faults: string[] = [];
    for (const operation of operations.filter(({ access }) => access === 'signed-in')) {
      const user = isRash(operation) ? await Admin.register(stack.url) : stranger;
      const outcomes = [
        await outcomeOf(operation, visitorToken),
        await outcomeOf(operation),
        await outcomeOf(operation, [...keys.values()].at(-1)),
        await outcomeOf(operation, user.session.accessToken),
      ];
      if (outcomes.join() !== 'unknown,unknown,denied,allowed') faults.push(`${operation.name}: ${outcomes.join()}`);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('I07 T15 and another role, or none, counts with the next request on every node', async () => {
    const person = await Admin.register(stack.url);
    const { id } = person.session.user;
    await owner.addMember(person, 'agent');
    const reading = operations.find(({ name }) => name === 'GET /v1/workspaces/{workspaceId}/conversations');
    if (!reading) throw new Error('conversations can be listed');
    const everywhere = (): Promise<Outcome[]> =>
      Promise.all(stack.nodes.map(({ url }) => outcomeOf(reading, person.session.accessToken, url)));
    const onEveryNode = (outcome: Outcome): Outcome[] => stack.nodes.map(() => outcome);

    expect(await everywhere()).toEqual(onEveryNode('allowed'));
    await owner.inWorkspace('PUT', `/members/${id}`, { role: 'viewer' });
    expect(await everywhere()).toEqual(onEveryNode('denied'));
    await owner.inWorkspace('PUT', `/members/${id}`, { role: 'editor' });
    expect(await everywhere()).toEqual(onEveryNode('allowed'));
    await owner.inWorkspace('DELETE', `/members/${id}`);
    expect(await everywhere()).toEqual(onEveryNode('not found'));
  });
});

function toOutcome({ status, text }: RawAnswer): Outcome {
  if (status >= 500) return 'broken';
  if (status === 401) return 'unknown';
  if (status === 403 && text.includes('"access.denied"')) return 'denied';
  if (status === 404 && text.includes('"workspace.not-found"')) return 'not found';
  return 'allowed';
}

const rashnessOf = (operation: Operation): number =>
  Number(isRash(operation)) + Number(operation.path.endsWith('/leave'));

/** Does something at once, without an id that could be nobody's and a body that could be wrong. */
function isRash({ method, pathParameters, body, isMultipart }: Operation): boolean {
  const others = pathParameters.filter((name) => name !== 'workspaceId');
  return method !== 'GET' && others.length === 0 && !isMultipart && !body?.required?.length;
}
