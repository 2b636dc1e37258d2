import type { EmbedSession, SessionProblem } from '@app/chat-protocol';
import { solveChallenge } from '@app/embeds/testing';
import { Admin, type Answer, call } from './support/admin';
import { describeServerStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
const USUAL_OF_ADDRESS = 20;
const USUAL_OF_EMBED = 60;
const FLOOD = 1_000;
const AT_ONCE = 25;
const ATTACKER = '203.0.113.66';

type SessionAnswer = Answer<EmbedSession & SessionProblem>;

const outcomeOf = ({ status, body }: SessionAnswer): string => (status === 201 ? 'session' : body.code);

describeServerStack('Somebody opens sessions by the thousand', (start) => {
  let stack: Stack;
  let admin: Admin;
  let shop: string;
  let regular: EmbedSession;
  let addresses = 0;

  beforeAll(async () => {
    const env = {
      TRUST_PROXY: '1',
      CHALLENGE_SESSIONS_PER_IP: String(USUAL_OF_ADDRESS),
      CHALLENGE_SESSIONS_PER_EMBED: String(USUAL_OF_EMBED),
    };
    stack = await start(env, { apiNodes: 2 });
    admin = await Admin.register(stack.url);
    shop = (await admin.createEmbed([SITE])).embedKey;
  }, 180_000);
  afterAll(() => stack?.stop());

  /** By turns at each node, as a load balancer in front of them does. */
  let turn = 0;
  const nextNode = (): string => stack.nodes[turn++ % stack.nodes.length]?.url ?? stack.url;
  const newAddress = (): string => `198.51.100.${++addresses}`;
  const open = (embedKey: string, ip: string, body: object = {}, url = nextNode()): Promise<SessionAnswer> =>
    call(url, 'POST', '/v1/embed/sessions', {
      body: { embedKey, ...body },
      headers: { origin: SITE, 'x-forwarded-for': ip },
    });
  const challengeIn = ({ body }: SessionAnswer) => {
    if (!body.challenge) throw new Error(`there is no challenge in ${JSON.stringify(body)}`);
    return body.challenge;
  };

  it('while a normal visitor never sees a challenge, however often the page is loaded', async () => {
    const ip = newAddress();
    regular = (await open(shop, ip)).body;
    for (let load = 0; load < USUAL_OF_ADDRESS + 5; load += 1) {
      const answer = await open(shop, ip, { resumeToken: regular.resumeToken });
      expect(outcomeOf(answer)).toBe('session');
      regular = answer.body;
    }
  });

  it('from one address, and gets as many as are usual; everything else is answered with work to do', async () => {
    const outcomes: Record<string, number> = {};
    for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => open(shop, ATTACKER)));
      for (const answer of answers) outcomes[outcomeOf(answer)] = (outcomes[outcomeOf(answer)] ?? 0) + 1;
    }
    expect(outcomes).toEqual({ session: USUAL_OF_ADDRESS, 'challenge.required': FLOOD - USUAL_OF_ADDRESS });
    const rows = await stack.inspect<{ count: number }>('select count(*)::int as count from visitors');
    if (rows) expect(rows).toEqual([{ count: USUAL_OF_ADDRESS + 1 }]);
  }, 300_000);

  it('and pays for each further session with work: a solution opens one, once, on whichever node', async () => {
    const altcha = await solveChallenge(challengeIn(await open(shop, ATTACKER)));
    const answers = await Promise.all(stack.nodes.map(({ url }) => open(shop, ATTACKER, { altcha }, url)));
    answers.push(await open(shop, ATTACKER, { altcha }), await open(shop, newAddress(), { altcha: 'x' }));
    const sessions = answers.filter((answer) => outcomeOf(answer) === 'session');
    // One for the solution, and one of a calm address, of whom nobody asked for one.
    expect(sessions).toHaveLength(2);
    const [first] = sessions;
    if (!first) throw new Error('nobody got in');
    (await Visitor.connect(stack.url, first.body, SITE)).leave();
  }, 60_000);

  it('while other addresses, other sites and those who were there before notice nothing, on every node', async () => {
    const other = (await admin.createEmbed([SITE], 'Other page')).embedKey;
    for (const { url } of stack.nodes) {
      expect(outcomeOf(await open(shop, newAddress(), {}, url))).toBe('session');
      expect(outcomeOf(await open(other, newAddress(), {}, url))).toBe('session');
      const resumed = await open(shop, ATTACKER, { resumeToken: regular.resumeToken }, url);
      expect(outcomeOf(resumed)).toBe('session');
      regular = resumed.body;
    }
    // The address is what is suspicious, wherever it goes.
    expect(outcomeOf(await open(other, ATTACKER))).toBe('challenge.required');
  });

  it('from many addresses at one embed, and it is that embed whose new visitors do some work', async () => {
    const [target, other] = [await admin.createEmbed([SITE], 'Target'), await admin.createEmbed([SITE], 'Bystander')];
    for (let index = 0; index < USUAL_OF_EMBED; index += 1) {
      expect(outcomeOf(await open(target.embedKey, newAddress()))).toBe('session');
    }
    const asked = [];
    for (const { url } of stack.nodes) asked.push(await open(target.embedKey, newAddress(), {}, url));
    expect(asked.map(outcomeOf)).toEqual(stack.nodes.map(() => 'challenge.required'));
    for (const answer of asked) {
      const altcha = await solveChallenge(challengeIn(answer));
      expect(outcomeOf(await open(other.embedKey, ATTACKER, { altcha }))).toBe('challenge.required');
      expect(outcomeOf(await open(target.embedKey, newAddress(), { altcha }))).toBe('session');
    }
    expect(outcomeOf(await open(other.embedKey, newAddress()))).toBe('session');
  }, 60_000);

  it('and an owner who trusts the address switches the work off', async () => {
    const { id, embedKey } = await admin.createEmbed([SITE], 'Kiosk');
    expect(outcomeOf(await open(embedKey, ATTACKER))).toBe('challenge.required');
    expect((await admin.inWorkspace('PUT', `/embeds/${id}`, { challenge: 'never' })).status).toBe(200);
    for (let sent = 0; sent < USUAL_OF_ADDRESS + 5; sent += 1) {
      expect(outcomeOf(await open(embedKey, ATTACKER))).toBe('session');
    }
  });
});
