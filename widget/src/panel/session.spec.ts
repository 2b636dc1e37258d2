import type { EmbedSession, EmbedSessionRequest, SessionProblem } from '@app/chat-protocol';
import { Session } from './session';
import type { TabStore } from './tab-store';

/** What the server says to one request. */
type Answer = Partial<EmbedSession> | Pick<SessionProblem, 'status' | 'code'>;

describe('Session of a visitor whom the site has named', () => {
  const realFetch = globalThis.fetch;
  const { signal } = new AbortController();
  let asked: EmbedSessionRequest[];
  let answers: Answer[];
  let values: Map<string, string>;
  let session: Session;

  beforeEach(() => {
    asked = [];
    answers = [];
    values = new Map();
    // Only what Session uses of it.
    globalThis.fetch = (async (_url: string, { body }: { body: string }) => {
      asked.push(JSON.parse(body) as EmbedSessionRequest);
      const answer = answers.shift() ?? { isVerified: true };
      const status = 'status' in answer ? answer.status : 201;
      return Response.json({ resumeToken: `resume-${asked.length}`, ...answer }, { status });
    }) as unknown as typeof fetch;
    const store: TabStore = {
      get: (key) => values.get(key) ?? null,
      set: (key, value) => void values.set(key, value),
      remove: (key) => void values.delete(key),
    };
    const request = { embedKey: 'cc_pub_x', identityToken: 'named' };
    session = new Session('https://api.example/', request, store, async () => null);
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  const open = (): Promise<EmbedSession> => session.open(signal);
  const sent = () => asked.map(({ identityToken, resumeToken }) => [identityToken, resumeToken]);

  it('shows the token once, and goes on with what it got for it', async () => {
    await open();
    await open();
    expect(sent()).toEqual([
      ['named', undefined],
      [undefined, 'resume-1'],
    ]);
  });

  it('shows it again when the server had no time to look at it', async () => {
    answers.push({ status: 429, code: 'limit.ip' });
    await expect(open()).rejects.toMatchObject({ problem: { code: 'limit.ip' } });
    await open();
    expect(sent()[1]).toEqual(['named', undefined]);
  });

  it('goes on with the session it began when the page comes back with a token that was used', async () => {
    values.set('resume', 'resume-0');
    answers.push({ status: 401, code: 'visitor.identity-invalid' });
    await open();
    expect(sent()).toEqual([
      ['named', 'resume-0'],
      [undefined, 'resume-0'],
    ]);
  });

  it('is refused where there is nothing to go on with', async () => {
    answers.push({ status: 401, code: 'visitor.identity-invalid' });
    await expect(open()).rejects.toMatchObject({ problem: { code: 'visitor.identity-invalid' } });
    expect(asked).toHaveLength(1);
  });

  it('never becomes a stranger’s: when it has ended, the site must name the visitor again', async () => {
    await open();
    const { token } = session;
    answers.push({ isVerified: false });
    await expect(open()).rejects.toMatchObject({ problem: { code: 'visitor.identity-required' } });
    expect(session.token).toBe(token);
  });

  it('leaves nothing when it is forgotten', async () => {
    await open();
    session.keep();
    expect([...values.values()]).toEqual(['resume-1']);
    session.forget();
    session.keep();
    expect(values.size).toBe(0);
  });
});
