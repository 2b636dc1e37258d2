import { Admin, type Answer, call } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
const DAY = 86_400;
/** What is promised for a kill switch, and a second for the machine that runs the story. */
const SECONDS_TO_CLOSE = 2;

interface Problem {
  code: string;
}
interface KeyView {
  id: string;
  last4: string;
  isCurrent: boolean;
  lastUsedAt: string | null;
  lastOrigin: string | null;
  lastPageHost: string | null;
  sessionCount: number;
}
interface OriginTest {
  isAllowed: boolean;
  reasons: { code: string; message: string }[];
}

describeStack('An owner runs an embed', (start) => {
  let stack: Stack;
  let owner: Admin;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    owner = await Admin.register(stack.url);
  });

  const inSeconds = (seconds: number): string => new Date(stack.now.getTime() + seconds * 1000).toISOString();
  const knock = (embedKey: string, origin: string | undefined = SITE, pageUrl?: string): Promise<Answer<Problem>> =>
    call(stack.url, 'POST', '/v1/embed/sessions', {
      body: { embedKey, pageUrl },
      headers: origin === undefined ? {} : { origin },
    });
  /** On the node that is not the one the owner talks to, where there are two. */
  const chatElsewhere = (embedKey: string): Promise<Visitor> =>
    Visitor.arrive(stack.nodes.at(-1)?.url ?? stack.url, embedKey, SITE);
  const isClosed = (visitor: Visitor): Promise<void> =>
    until(() => !visitor.socket.connected, SECONDS_TO_CLOSE, 'the end of the visitor’s socket');
  const signInAgain = async (): Promise<void> => {
    const { body } = await call<{ accessToken: string }>(stack.url, 'POST', '/v1/auth/login', {
      body: { email: owner.email, password: owner.password, refreshTokenIn: 'body' },
    });
    Object.assign(owner.session, body);
  };

  it('W10 and changes its key without a gap, sees who still has the old one, and ends it early', async () => {
    const { id, embedKey } = await owner.createEmbed([SITE]);
    const rotated = await owner.inWorkspace<{ embedKey: string; snippet: string }>(
      'POST',
      `/embeds/${id}/keys/rotate`,
      {
        overlapSeconds: 2 * DAY,
      },
    );
    expect([rotated.status, rotated.body.snippet.includes(rotated.body.embedKey)]).toEqual([201, true]);
    await knock(embedKey, SITE, `${SITE}/forgotten-page?session=1`);
    const keys = await owner.inWorkspace<{ items: KeyView[] }>('GET', `/embeds/${id}/keys`);
    const [current, old] = keys.body.items;
    expect(current).toMatchObject({ isCurrent: true, sessionCount: 0, lastUsedAt: null });
    expect(old).toMatchObject({
      isCurrent: false,
      last4: embedKey.slice(-4),
      sessionCount: 1,
      lastOrigin: SITE,
      lastPageHost: 'shop.example.com',
    });
    expect(JSON.stringify(keys.body)).not.toContain('forgotten-page');
    const late = await chatElsewhere(embedKey);
    const fresh = await chatElsewhere(rotated.body.embedKey);
    expect((await owner.inWorkspace('DELETE', `/embeds/${id}/keys/${old?.id}`)).status).toBe(204);
    await isClosed(late);
    expect(fresh.socket.connected).toBe(true);
    const [stranger, rotatedOut] = [await knock(`cc_pub_${'A'.repeat(43)}`), await knock(embedKey)];
    expect({ ...rotatedOut.body, requestId: '' }).toEqual({ ...stranger.body, requestId: '' });
    expect(rotatedOut.status).toBe(404);
    fresh.leave();
  });

  it('W10 and the old key ends by itself when the overlap is over', async () => {
    const { id, embedKey } = await owner.createEmbed([SITE]);
    await owner.inWorkspace('POST', `/embeds/${id}/keys/rotate`, { overlapSeconds: 60 });
    const visitor = await chatElsewhere(embedKey);
    await stack.advanceClock(59);
    expect((await knock(embedKey)).status).toBe(201);
    expect(visitor.socket.connected).toBe(true);
    await stack.advanceClock(2);
    await isClosed(visitor);
    expect((await knock(embedKey)).body.code).toBe('embed.not-found');
  });

  it('A12 W06 and gives it an end: from then on nobody gets in, and who is in is out', async () => {
    const { id, embedKey } = await owner.createEmbed([SITE]);
    const put = await owner.inWorkspace('PUT', `/embeds/${id}`, { expiresAt: inSeconds(30) });
    expect(put.status).toBe(200);
    const visitor = await chatElsewhere(embedKey);
    const ask = await visitor.send('Is anybody there?');
    expect(ask.ok).toBe(true);
    await stack.advanceClock(31);
    await isClosed(visitor);
    expect((await knock(embedKey)).body.code).toBe('embed.not-found');
    await owner.inWorkspace('PUT', `/embeds/${id}`, { expiresAt: null });
    expect((await knock(embedKey)).status).toBe(201);
  });

  it('A09 W06 and throws everybody out at once, of one embed or of all, and they may come back', async () => {
    const [one, two] = [await owner.createEmbed([SITE]), await owner.createEmbed([SITE])];
    const [first, second] = [await chatElsewhere(one.embedKey), await chatElsewhere(two.embedKey)];
    expect((await owner.inWorkspace('POST', `/embeds/${one.id}/kill`)).status).toBe(200);
    await isClosed(first);
    expect(second.socket.connected).toBe(true);
    const back = await chatElsewhere(one.embedKey);
    const all = await owner.inWorkspace<{ count: number }>('POST', '/embeds/kill');
    expect(all.body).toEqual({ count: 2 });
    await Promise.all([isClosed(back), isClosed(second)]);
    const trail = await owner.inWorkspace<{ items: { action: string }[] }>('GET', '/audit-events?action=embed.killed');
    expect(trail.body.items).toHaveLength(2);
  });

  it('A09 and asks why a site does not get in, where the site itself only sees 404', async () => {
    const { id, embedKey } = await owner.createEmbed([SITE, 'https://Bücher.example', 'https://*.example.org']);
    const test = async (origin: string): Promise<OriginTest> =>
      (await owner.inWorkspace<OriginTest>('POST', `/embeds/${id}/origin-test`, { origin })).body;
    expect(await test('https://xn--bcher-kva.example')).toMatchObject({ isAllowed: true });
    const tried: [string, string][] = [
      ['http://shop.example.com', 'scheme'],
      ['https://shop.example.com:8443', 'port'],
      ['https://a.b.example.org', 'subdomain'],
      ['https://shop.example.com.', 'trailing-dot'],
    ];
    for (const [origin, code] of tried) {
      expect([origin, (await test(origin)).reasons[0]?.code]).toEqual([origin, code]);
      expect((await knock(embedKey, origin)).body.code).toBe('embed.not-found');
    }
    await owner.inWorkspace('POST', `/embeds/${id}/disable`);
    expect((await test(SITE)).reasons.map((reason) => reason.code)).toEqual(['disabled', 'matched']);
  });

  it('A09 and cannot allow what would be open to others', async () => {
    const wrong = [
      '*',
      'null',
      'http://shop.example.com',
      'https://*',
      'https://shop.example.com/help',
      'https://sh\u03bfp.example.com',
    ];
    const answer = await owner.inWorkspace<{ errors: { path: string }[] }>('POST', '/embeds', {
      name: 'Open',
      allowedOrigins: wrong,
    });
    expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([
      400,
      wrong.map((_, index) => `allowedOrigins.${index}`),
    ]);
  });

  it('and pastes the page that does not work, to be told what is wrong with it', async () => {
    const { id, snippet, embedKey } = await owner.createEmbed([SITE]);
    const codes = async (html: string): Promise<string[]> => {
      const { body } = await owner.inWorkspace<{ findings: Problem[] }>('POST', `/embeds/${id}/snippet-test`, { html });
      return body.findings.map(({ code }) => code);
    };
    expect(await codes(`<!doctype html><body>${snippet}`)).toEqual([]);
    expect(await codes('<!doctype html><body>')).toEqual(['script-missing']);
    expect(await codes(snippet.replace(embedKey, embedKey.slice(0, -1)))).toEqual(['key-malformed']);
    expect(await codes(snippet.replace('<script', '<script type="text/plain"'))).toEqual(['type-blocked']);
  });

  it('and two admins who change it at once do not lose each other’s change', async () => {
    const { id } = await owner.createEmbed([SITE]);
    const { headers } = await owner.inWorkspace('GET', `/embeds/${id}`);
    const token = owner.session.accessToken;
    const path = `/v1/workspaces/${owner.workspaceId}/embeds/${id}`;
    const put = (name: string) =>
      call<Problem>(stack.url, 'PUT', path, {
        token,
        body: { name },
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
    const both = await Promise.all([put('One'), put('Two')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('and changing its key asks again who it is, some minutes after signing in', async () => {
    const { id } = await owner.createEmbed([SITE]);
    await stack.advanceClock(601);
    await signInAgain();
    await stack.advanceClock(601);
    const refused = await owner.inWorkspace<Problem>('POST', `/embeds/${id}/keys/rotate`, {});
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.step-up-required']);
    expect((await owner.inWorkspace('POST', `/embeds/${id}/kill`)).status).toBe(200);
  });

  describeWithCorpus('W01 A09 against origins made to get past a list', () => {
    interface OriginCase {
      id: string;
      origin: string;
      expect: string;
    }
    // The file's own shape; its manifest describes it.
    const cases = (): OriginCase[] => JSON.parse(corpusFile('attack/own/origins.json').toString()) as OriginCase[];

    it('each gets a session or 404, as it should', async () => {
      const { embedKey } = await owner.createEmbed([SITE]);
      const wrong: string[] = [];
      for (const { id, origin, expect: verdict } of cases()) {
        // Headers carry bytes: what is beyond ASCII goes out as UTF-8, as an attacker's program would send it.
        const bytes = Buffer.from(origin).toString('latin1');
        const { status } = await knock(embedKey, bytes).catch(() => ({ status: 0 })); // what no client can send
        // Where the corpus leaves the choice (upper case, default port) it is refused: browsers send neither. White space
        // around a header's value is not part of it (RFC 9110, 5.5), so nobody can send an origin with a tab behind it.
        const expected = verdict === 'accept' || origin.trim() === SITE ? [201] : [404, 0];
        if (!expected.includes(status)) wrong.push(`${id} ${origin}: ${status}, not ${expected.join(' or ')}`);
      }
      expect(wrong).toEqual([]);
      expect(cases().length).toBeGreaterThan(10);
    });
  });
});
