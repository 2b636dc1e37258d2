import type { Challenge, EmbedSession, EmbedSessionRequest, SessionProblem, WidgetConfig } from '@app/chat-protocol';
import { Session } from './session';
import { SessionKeeper } from './session-keeper';
import type { TabStore } from './tab-store';

const MINUTE = 60_000;
const CONFIG: WidgetConfig = {
  title: '',
  greeting: '',
  starterQuestions: [],
  aiDisclosure: '',
  disclosureVersion: 1,
  requiresConsent: false,
  accentColor: null,
  onAccentColor: null,
  position: null,
  launcherLabel: null,
  locale: null,
  direction: null,
  maxMessageChars: 4000,
};

/** The server's side of `fetch`: answers by script, keeps what it was asked. */
class FakeServer {
  readonly asked: EmbedSessionRequest[] = [];
  readonly answers: (SessionProblem | 'no network')[] = [];
  tokenLifeMs = 15 * MINUTE;
  /** How far the visitor's clock is ahead. */
  clockErrorMs = 0;

  readonly fetch = async (_url: string, { body }: { body: string }): Promise<Response> => {
    this.asked.push(JSON.parse(body) as EmbedSessionRequest);
    const answer = this.answers.shift();
    if (answer === 'no network') throw new TypeError('Failed to fetch');
    if (answer) return Response.json(answer, { status: answer.status });
    const n = this.asked.length;
    const session: EmbedSession = {
      visitorToken: `token-${n}`,
      expiresAt: new Date(Date.now() - this.clockErrorMs + this.tokenLifeMs).toISOString(),
      resumeToken: `resume-${n}`,
      conversation: null,
      isVerified: false,
      hasConsent: false,
      config: CONFIG,
    };
    return Response.json(session, { status: 201 });
  };
}

const problem = (status: number, retryAfterSeconds?: number): SessionProblem => ({
  type: 'about:blank',
  title: '',
  status,
  code: `c${status}`,
  retryAfterSeconds,
});

const CHALLENGE: Challenge = {
  parameters: { algorithm: 'PBKDF2/SHA-256', nonce: '00', salt: '00', cost: 1, keyLength: 32, keyPrefix: '00' },
};
const asks: SessionProblem = { ...problem(403), code: 'challenge.required', challenge: CHALLENGE };

describe('SessionKeeper', () => {
  const realFetch = globalThis.fetch;
  let server: FakeServer;
  let values: Map<string, string>;
  let session: Session;
  let keeper: SessionKeeper;
  let log: string[];
  /** What the solver finds; null: nothing. */
  let solve: () => Promise<string | null>;
  const pass = (ms: number): Promise<unknown> => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeServer();
    values = new Map();
    log = [];
    solve = async () => `solution-${server.asked.length}`;
    // Only what Session uses of it.
    globalThis.fetch = server.fetch as unknown as typeof fetch;
    Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
    const store: TabStore = {
      get: (key) => values.get(key) ?? null,
      set: (key, value) => void values.set(key, value),
      remove: (key) => void values.delete(key),
    };
    session = new Session('https://api.example/', { embedKey: 'cc_pub_x' }, store, async (challenge) => {
      expect(challenge).toEqual(CHALLENGE);
      return solve();
    });
    keeper = new SessionKeeper(session, {
      opened: ({ visitorToken }) => void log.push(visitorToken),
      unavailable: (code) => void log.push(`unavailable ${code}`),
      paused: (_problem, seconds) => void log.push(`paused ${seconds}`),
      waiting: () => void log.push('waiting'),
    });
  });
  afterEach(() => {
    keeper.destroy();
    globalThis.fetch = realFetch;
    jest.useRealTimers();
  });

  it('renews the token a minute before it ends, with the newest resume token', async () => {
    await keeper.open();
    await pass(14 * MINUTE - 1);
    expect(log).toEqual(['token-1']);
    await pass(1);
    expect([log, session.token]).toEqual([['token-1', 'token-2'], 'token-2']);
    expect(server.asked.map(({ resumeToken }) => resumeToken)).toEqual([undefined, 'resume-1']);
  });

  it.each([
    ['an hour ahead', 60 * MINUTE],
    ['an hour behind', -60 * MINUTE],
  ])('renews neither too late nor in a rush when the clock is %s', async (_name, error) => {
    server.clockErrorMs = error;
    await keeper.open();
    await pass(14 * MINUTE);
    expect(log.length).toBeGreaterThanOrEqual(2);
    expect(log.length).toBeLessThanOrEqual(1 + 28);
  });

  it('stores nothing before the conversation is to be kept, and every successor after that', async () => {
    await keeper.open();
    expect(values.size).toBe(0);
    session.keep();
    expect([...values.values()]).toEqual(['resume-1']);
    await keeper.open();
    expect([...values.values()]).toEqual(['resume-2']);
  });

  it('takes the resume token another tab has stored', async () => {
    await keeper.open();
    session.keep();
    values.set('resume', 'resume-of-the-other-tab');
    await keeper.open();
    expect(server.asked[1]?.resumeToken).toBe('resume-of-the-other-tab');
  });

  it('gives up at once when the server says there is nothing here', async () => {
    server.answers.push(problem(404));
    await keeper.open();
    await pass(60 * MINUTE);
    expect([log, server.asked.length]).toEqual([['unavailable c404'], 1]);
  });

  it('does the work the server asks for, and sends it with the same request', async () => {
    server.answers.push(asks);
    await keeper.open();
    expect(log).toEqual(['token-2']);
    expect(server.asked.map(({ altcha }) => altcha)).toEqual([undefined, 'solution-1']);
    await keeper.open();
    expect(server.asked.map(({ altcha }) => altcha)).toEqual([undefined, 'solution-1', undefined]);
  });

  it('solves another when the first was over, and gives up after three', async () => {
    server.answers.push(asks, asks);
    await keeper.open();
    expect([log, server.asked.at(-1)?.altcha]).toEqual([['token-3'], 'solution-2']);
    server.answers.push(asks, asks, asks, asks);
    await keeper.open();
    await pass(60 * MINUTE);
    expect([log, server.asked.length]).toEqual([['token-3', 'unavailable challenge.required'], 7]);
  });

  it('gives up when the work cannot be done here', async () => {
    server.answers.push(asks);
    solve = async () => null;
    await keeper.open();
    await pass(60 * MINUTE);
    expect([log, server.asked.length]).toEqual([['unavailable challenge.required'], 1]);
  });

  it('tries again when the solver could not be fetched', async () => {
    server.answers.push(asks);
    solve = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    await keeper.open();
    await pass(1000);
    expect(log).toEqual(['waiting', 'token-2']);
  });

  it('waits as long as a limit says', async () => {
    server.answers.push(problem(429, 20));
    await keeper.open();
    await pass(19_999);
    expect(log).toEqual(['paused 20']);
    await pass(1);
    expect(log).toEqual(['paused 20', 'token-2']);
  });

  it('tries again after a failure of the server', async () => {
    server.answers.push(problem(503));
    await keeper.open();
    await pass(1000);
    expect(log).toEqual(['waiting', 'token-2']);
  });

  it('gives up after some dead attempts, as a refused origin looks the same', async () => {
    server.answers.push('no network', 'no network', 'no network', 'no network');
    await keeper.open();
    await pass(60 * MINUTE);
    expect(log).toEqual(['waiting', 'waiting', 'waiting', 'unavailable undefined']);
  });

  it('goes on trying while the device is offline', async () => {
    Object.defineProperty(globalThis, 'navigator', { value: { onLine: false }, configurable: true });
    server.answers.push(...Array.from({ length: 6 }, () => 'no network' as const));
    await keeper.open();
    await pass(2 * MINUTE);
    expect(log.slice(-2)).toEqual(['waiting', 'token-7']);
  });

  it('renews when it wakes up late, and only then', async () => {
    await keeper.open();
    keeper.stop();
    keeper.wake();
    await pass(0);
    expect(log).toEqual(['token-1']);
    await pass(20 * MINUTE);
    keeper.wake();
    await pass(0);
    expect(log).toEqual(['token-1', 'token-2']);
  });

  it('is silent after it is destroyed', async () => {
    await keeper.open();
    keeper.destroy();
    await pass(60 * MINUTE);
    expect(log).toEqual(['token-1']);
  });
});
