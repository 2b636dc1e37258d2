import { Company } from './support/company';
import { exampleBody } from './support/example-body';
import { inTurn, ONE_FILE } from './support/one-file';
import { documentedOperations, type Operation, type Schema } from './support/open-api';
import { type RawAnswer, send } from './support/raw-http';
import { describeStack, type Stack } from './support/stack';

/** What a client would like to decide about itself. */
const ASSIGNMENTS: Readonly<Record<string, unknown>> = {
  id: '01890000-0000-7000-8000-000000000000',
  role: 'owner',
  workspaceId: '01890000-0000-7000-8000-000000000000',
  isAdmin: true,
  createdAt: '2020-01-01T00:00:00Z',
  passwordHash: 'planted',
  embedKey: 'planted',
  constructor: { prototype: { isAdmin: true } },
};

/** Values of every type, as JSON text: `JSON.stringify` would not write 1e309. */
const VALUES = ['null', 'true', '12.5', '-1', '1e309', '"text"', '[]', '[[]]', '{}', '{"toString":1}', '{"length":1}'];

const QUERY_VALUES = ['0', '-1', '1e309', '100001', '', 'tampered', '%00', "'%20or%201=1--", 'NaN', '[]'];

describeStack('An admin sends what nobody asked for', (start) => {
  let stack: Stack;
  let operations: Operation[];
  let mine: Company;
  let theirs: Company;

  beforeAll(async () => {
    stack = await start();
    operations = await documentedOperations(stack.url);
    mine = await Company.found(stack.url, 'WALRUS-5150');
    theirs = await Company.found(stack.url, 'OSPREY-6021');
  }, 180_000);

  afterAll(async () => {
    mine?.leave();
    theirs?.leave();
    await stack?.stop();
  });

  const withBody = (): Operation[] => operations.filter(({ body, isMultipart }) => body !== null && !isMultipart);

  const call = (operation: Operation, path: string, text?: string): Promise<RawAnswer> =>
    send(stack.url, {
      method: operation.method,
      path,
      ...mine.credentials(operation),
      ...(text !== undefined && { text }),
      ...(operation.isMultipart && ONE_FILE),
    });

  /** The operation's example with one more key, or one other value, as JSON text. */
  const changed = (operation: Operation, key: string, value: string): string => {
    const { [key]: _replaced, ...rest } = exampleBody(operation, { email: theirs.colleague.email }) ?? {};
    const others = JSON.stringify(rest).slice(1, -1);
    return `{${others}${others === '' ? '' : ','}${JSON.stringify(key)}:${value}}`;
  };

  const code = ({ text }: RawAnswer): string => /"code":"([^"]+)"/.exec(text)?.[1] ?? '';

  /** Refused as invalid, or before anybody looked because the action asks for a fresh proof. */
  const isRefused = (operation: Operation, answer: RawAnswer): boolean =>
    answer.status === 400 || (operation.isStepUp && code(answer) === 'auth.step-up-required');

  /** What the owner can read of the company, without the times that reading itself changes. */
  const everything = async (): Promise<string[]> => {
    const readable = operations.filter(
      ({ method, access, path }) => method === 'GET' && access !== 'public' && !/audit|events|export/.test(path),
    );
    const answers: string[] = [];
    for (const operation of readable) {
      const { status, text } = await call(operation, mine.address(operation));
      answers.push(`${operation.name} ${status} ${text.replace(/"(lastUsedAt|requestId)":"[^"]*"/g, '')}`);
    }
    return answers;
  };

  it('I04 and no field that the documentation does not name is taken, whatever it is called', async () => {
    const before = await everything();
    const faults: string[] = [];
    for (const operation of withBody()) {
      const extra = [...Object.keys(ASSIGNMENTS), '__proto__'].filter((key) => !operation.body?.properties?.[key]);
      const tries = extra.map(async (key) => {
        const value = JSON.stringify(ASSIGNMENTS[key] ?? { isAdmin: true });
        const answer = await call(operation, mine.address(operation), changed(operation, key, value));
        return isRefused(operation, answer) ? [] : [`${operation.name} with ${key}: ${answer.status}`];
      });
      faults.push(...(await Promise.all(tries)).flat());
    }
    expect(withBody().length).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    expect(await everything()).toEqual(before);
  }, 120_000);

  it('I05 and a value of another type is refused at every field of every body', async () => {
    const faults: string[] = [];
    for (const operation of withBody()) {
      const tries = Object.entries(operation.body?.properties ?? {}).flatMap(([name, schema]) =>
        VALUES.filter((value) => !mayBeRight(schema, value)).map(async (value) => {
          const answer = await call(operation, mine.address(operation), changed(operation, name, value));
          return isRefused(operation, answer) ? [] : [`${operation.name} ${name}=${value}: ${answer.status}`];
        }),
      );
      faults.push(...(await Promise.all(tries)).flat());
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('I05 and of a query only what is documented counts, once and within its limits', async () => {
    const faults: string[] = [];
    const foreignCursor = Buffer.from(theirs.ids['documentId'] ?? '').toString('base64url');
    for (const operation of operations.filter(({ queryParameters }) => queryParameters.length > 0)) {
      const tries = operation.queryParameters.flatMap(({ name }) => [
        ...QUERY_VALUES.map((value) => `${name}=${value}`),
        `${name}=1&${name}=2`,
        `${name}[]=1`,
        `${name}[b]=c`,
        `${name}=${foreignCursor}`,
        `${name}=1&${name}Extra=1`,
      ]);
      const attempt = async (query: string): Promise<string[]> => {
        const answer = await call(operation, `${mine.address(operation)}?${query}`);
        // A public route may refuse for what it is alone, or not be set up here, whatever the value.
        const isFine = [200, 400, ...(operation.access === 'public' ? [401, 404] : [])].includes(answer.status);
        return isFine && !answer.text.includes(theirs.canary) ? [] : [`${operation.name}?${query}: ${answer.status}`];
      };
      faults.push(...(await inTurn(operation, tries, attempt)));
    }
    expect(faults).toEqual([]);
  }, 120_000);
});

/** Whether the schema may allow the value: then sending it would do what the operation does. */
function mayBeRight(schema: Schema, value: string): boolean {
  if (value === 'null') return schema.nullable === true;
  if (value === '"text"') return schema.type === 'string' && !schema.format && !schema.enum;
  if (value === 'true') return schema.type === 'boolean';
  if (value === '[]') return schema.type === 'array' && (schema.minItems ?? 0) === 0;
  if (value === '-1') return schema.type === 'integer' && (schema.minimum ?? 0) < 0;
  return false;
}
