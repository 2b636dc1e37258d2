import { Admin, call } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { chatSocket, Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
const FOREIGN = [
  'https://evil.example',
  'https://shop.example.com.evil.example',
  'http://shop.example.com',
  'null',
  undefined,
];

describeStack('A stranger copies the embed key to a site that is not allowed', (start) => {
  let stack: Stack;
  let embedKey: string;
  let token: string;

  beforeAll(async () => {
    stack = await start();
    const admin = await Admin.register(stack.url, 'Secretive Ltd');
    ({ embedKey } = await admin.createEmbed([SITE]));
    token = (await Visitor.openSession(stack.url, embedKey, SITE)).visitorToken;
  }, 120_000);

  afterAll(() => stack?.stop());

  const openFrom = (origin: string | undefined, key = embedKey) =>
    call<Record<string, unknown>>(stack.url, 'POST', '/v1/embed/sessions', {
      body: { embedKey: key },
      headers: origin === undefined ? {} : { origin },
    });

  it.each(FOREIGN)('and gets no session from origin %s', async (origin) => {
    const answer = await openFrom(origin);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.body.code).toBe('embed.not-found');
    expect(JSON.stringify(answer.body)).not.toMatch(/secretive|shop\.example/i);
  });

  it('and cannot tell a real key from an invented one', async () => {
    const [real, invented] = [await openFrom('https://evil.example'), await openFrom(SITE, `cc_pub_${'A'.repeat(43)}`)];
    const { requestId: _1, ...realBody } = real.body;
    const { requestId: _2, ...inventedBody } = invented.body;
    expect([real.status, realBody]).toEqual([invented.status, inventedBody]);
  });

  it.each(FOREIGN)('and gets no socket from origin %s, even with a stolen token', async (origin) => {
    const socket = chatSocket(stack.url, token, origin);
    const outcome = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', () => resolve('refused'));
    });
    socket.disconnect();
    expect(outcome).toBe('refused');
  });

  it('while the allowed site works, and its answer names only that origin', async () => {
    const answer = await openFrom(SITE);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    visitor.leave();
  });
});
