import { createHmac } from 'node:crypto';
import type { EmbedSession, SessionProblem } from '@app/chat-protocol';
import { describeDatabase } from '@app/database/testing';
import { newId } from '@app/kernel';
import type { Logger } from 'typeorm';
import type { CreatedEmbedView, EmbedView } from '../embeds.dto';
import type { CreatedIdentitySecretView } from '../identity/identity-secrets.dto';
import { EmbedsApp, type HttpAnswer } from '../testing/embeds-app';
import { solveChallenge } from '../testing/solve-challenge';
import type { ChallengeMode } from './challenge-mode';

const SITE = 'https://shop.example.com';
const USUAL_OF_ADDRESS = 3;
const USUAL_OF_EMBED = 6;

type Answer = HttpAnswer<EmbedSession & SessionProblem>;

describeDatabase('New sessions that look suspicious', (create) => {
  let embeds: EmbedsApp;
  let workspaceId: string;
  let addresses = 0;

  beforeAll(async () => {
    embeds = await EmbedsApp.start(create, {
      LIMIT_EMBED_SESSIONS_PER_MINUTE: '1000',
      CHALLENGE_SESSIONS_PER_IP: String(USUAL_OF_ADDRESS),
      CHALLENGE_SESSIONS_PER_EMBED: String(USUAL_OF_EMBED),
      TRUST_PROXY: '1',
    });
    workspaceId = await embeds.addWorkspace();
  });
  afterAll(() => embeds.close());

  const path = (rest = '') => `/workspaces/${workspaceId}/embeds${rest}`;
  const add = async (challenge?: ChallengeMode): Promise<CreatedEmbedView> => {
    const body = { name: 'Shop', allowedOrigins: [SITE], ...(challenge && { challenge }) };
    return (await embeds.call<CreatedEmbedView>('POST', path(), { body })).body;
  };
  const newAddress = (): string => `198.51.${Math.floor(++addresses / 250)}.${addresses % 250}`;
  const open = (embedKey: string, ip: string, body: object = {}, origin = SITE): Promise<Answer> =>
    embeds.call('POST', '/embed/sessions', {
      body: { embedKey, ...body },
      headers: { origin, 'x-forwarded-for': ip },
    });
  const outcomeOf = ({ status, body }: Answer): string => (status === 201 ? 'session' : body.code);
  /** Until the address is asked for work, which is what the last answer does. */
  const flood = async (embedKey: string, ip: string): Promise<Answer> => {
    for (let turn = 0; turn < USUAL_OF_ADDRESS; turn += 1) await open(embedKey, ip);
    return open(embedKey, ip);
  };
  const solve = ({ body }: Answer): Promise<string> => {
    if (!body.challenge) throw new Error(`there is no challenge in ${JSON.stringify(body)}`);
    return solveChallenge(body.challenge);
  };

  it('are no normal visitor’s: as many as are usual open, and the next is told what to solve', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    const outcomes = [];
    for (let turn = 0; turn < USUAL_OF_ADDRESS; turn += 1) outcomes.push(outcomeOf(await open(embedKey, ip)));
    expect(outcomes).toEqual(['session', 'session', 'session']);
    const refused = await open(embedKey, ip);
    expect([refused.status, refused.body.code]).toEqual([403, 'challenge.required']);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(refused.body.challenge?.parameters).toMatchObject({ algorithm: 'PBKDF2/SHA-256', cost: 2_000 });
    expect(outcomeOf(await open(embedKey, newAddress()))).toBe('session');
  });

  it('open for whoever solved the challenge, once, and for this embed alone', async () => {
    const [mine, other] = [await add(), await add()];
    const ip = newAddress();
    const altcha = await solve(await flood(mine.embedKey, ip));
    expect(outcomeOf(await open(other.embedKey, ip, { altcha }))).toBe('challenge.required');
    expect(outcomeOf(await open(mine.embedKey, ip, { altcha }))).toBe('session');
    const again = await open(mine.embedKey, ip, { altcha });
    expect(outcomeOf(again)).toBe('challenge.required');
    expect(outcomeOf(await open(mine.embedKey, ip, { altcha: await solve(again) }))).toBe('session');
  });

  it('open once when one solution is sent many times at once', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    const altcha = await solve(await flood(embedKey, ip));
    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => outcomeOf(await open(embedKey, ip, { altcha }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'session')).toHaveLength(1);
  });

  it('do not open after the challenge is over', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    const altcha = await solve(await flood(embedKey, ip));
    embeds.clock.advance(181);
    expect(outcomeOf(await open(embedKey, ip, { altcha }))).toBe('challenge.required');
  });

  it('are refused for the form of a solution that could be none', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    for (const altcha of ['x', 'e30=', 'bnVsbA==']) {
      expect(outcomeOf(await open(embedKey, ip, { altcha }))).toBe('session'); // nobody asked for one
    }
    expect(outcomeOf(await open(embedKey, ip, { altcha: 'x' }))).toBe('challenge.required');
    for (const altcha of ['x'.repeat(2_049), 7, {}, ['x'], null]) {
      expect((await open(embedKey, ip, { altcha })).status).toBe(400);
    }
  });

  it('are none where a visitor comes back with a good resume token, and only there', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    const { resumeToken } = (await open(embedKey, ip)).body;
    await flood(embedKey, ip);
    const resumed = await open(embedKey, ip, { resumeToken });
    expect(outcomeOf(resumed)).toBe('session');
    for (const invented of [`cc_res_${'A'.repeat(43)}`, 'x', 'cc_res_']) {
      expect(outcomeOf(await open(embedKey, ip, { resumeToken: invented }))).toBe('challenge.required');
    }
    const { resumeToken: ofAnother } = (await open((await add()).embedKey, newAddress())).body;
    expect(outcomeOf(await open(embedKey, ip, { resumeToken: ofAnother }))).toBe('challenge.required');
    embeds.clock.advance(31);
    expect(outcomeOf(await open(embedKey, ip, { resumeToken }))).toBe('challenge.required'); // used, and not just now
    expect(outcomeOf(await open(embedKey, ip, { resumeToken: resumed.body.resumeToken }))).toBe('session');
  });

  it('are not counted where a visitor comes back, and are with a token that is none', async () => {
    const { embedKey } = await add();
    const [back, ip] = [newAddress(), newAddress()];
    let { resumeToken } = (await open(embedKey, back)).body;
    for (let turn = 0; turn < USUAL_OF_ADDRESS + 2; turn += 1) {
      const renewed = await open(embedKey, back, { resumeToken });
      expect(outcomeOf(renewed)).toBe('session');
      ({ resumeToken } = renewed.body);
    }
    for (let turn = 0; turn < USUAL_OF_ADDRESS; turn += 1) {
      expect(outcomeOf(await open(embedKey, ip, { resumeToken: `cc_res_${newId()}` }))).toBe('session');
    }
    expect(outcomeOf(await open(embedKey, ip, { resumeToken: `cc_res_${newId()}` }))).toBe('challenge.required');
  });

  it('are none where the site’s server vouches for the visitor', async () => {
    const { embed, embedKey } = await add('always');
    const made = await embeds.call<CreatedIdentitySecretView>('POST', path(`/${embed.id}/identity-secrets`));
    const iat = Math.floor(embeds.clock.now().getTime() / 1000);
    const claims = { sub: 'user-1', aud: embed.id, jti: newId(), iat, exp: iat + 300 };
    const text = [{ alg: 'HS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const identityToken = `${text}.${createHmac('sha256', made.body.secret).update(text).digest('base64url')}`;
    expect(outcomeOf(await open(embedKey, newAddress(), { identityToken }))).toBe('session');
    expect(outcomeOf(await open(embedKey, newAddress(), { identityToken: 'x.y.z' }))).toBe('visitor.identity-invalid');
  });

  it('of an embed from many addresses are asked for work, and those of other embeds are not', async () => {
    const [mine, other] = [await add(), await add()];
    for (let turn = 0; turn < USUAL_OF_EMBED; turn += 1) {
      expect(outcomeOf(await open(mine.embedKey, newAddress()))).toBe('session');
    }
    const ip = newAddress();
    const refused = await open(mine.embedKey, ip);
    expect(outcomeOf(refused)).toBe('challenge.required');
    expect(outcomeOf(await open(other.embedKey, ip))).toBe('session');
    expect(outcomeOf(await open(mine.embedKey, ip, { altcha: await solve(refused) }))).toBe('session');
  });

  it('from one address make the chat no harder for anybody else', async () => {
    const { embedKey } = await add();
    const ip = newAddress();
    for (let turn = 0; turn < USUAL_OF_EMBED * 2; turn += 1) await open(embedKey, ip);
    expect(outcomeOf(await open(embedKey, newAddress()))).toBe('session');
  });

  describe('are what the owner takes for them', () => {
    it('never: an office behind one address is left alone', async () => {
      const { embedKey } = await add('never');
      expect(outcomeOf(await flood(embedKey, newAddress()))).toBe('session');
    });

    it('always: the first visitor too, and one who comes back does not', async () => {
      const { embedKey } = await add('always');
      const ip = newAddress();
      const session = await open(embedKey, ip, { altcha: await solve(await open(embedKey, ip)) });
      expect(outcomeOf(session)).toBe('session');
      const { resumeToken } = session.body;
      expect(outcomeOf(await open(embedKey, ip, { resumeToken }))).toBe('session');
    });

    it('from one moment to the next', async () => {
      const { embed, embedKey } = await add();
      expect(embed.challenge).toBe('suspicious');
      const put = (challenge: unknown) => embeds.call<EmbedView>('PUT', path(`/${embed.id}`), { body: { challenge } });
      expect((await put('always')).body.challenge).toBe('always');
      expect(outcomeOf(await open(embedKey, newAddress()))).toBe('challenge.required');
      expect((await put('suspicious')).status).toBe(200);
      expect(outcomeOf(await open(embedKey, newAddress()))).toBe('session');
      for (const wrong of ['sometimes', '', null, 1]) expect((await put(wrong)).status).toBe(400);
    });
  });

  it('W10 A08 tell a stranger nothing: no key and no wrong origin is ever answered with a challenge', async () => {
    const [guarded, flooded, closed] = [await add('always'), await add(), await add('always')];
    await embeds.call('POST', path(`/${closed.embed.id}/disable`));
    const ip = newAddress();
    await flood(flooded.embedKey, ip);
    const altcha = await solve(await open(guarded.embedKey, ip));
    const strangers: Record<string, () => Promise<Answer>> = {
      unknown: () => open(`cc_pub_${'A'.repeat(43)}`, ip),
      'unknown, from a calm address': () => open(`cc_pub_${'A'.repeat(43)}`, newAddress()),
      'unknown, with a solution': () => open(`cc_pub_${'A'.repeat(43)}`, ip, { altcha }),
      'always, wrong origin': () => open(guarded.embedKey, ip, {}, 'https://evil.example'),
      'always, wrong origin, with a solution': () => open(guarded.embedKey, ip, { altcha }, 'https://evil.example'),
      'flooded, wrong origin': () => open(flooded.embedKey, ip, {}, 'https://evil.example'),
      disabled: () => open(closed.embedKey, ip),
    };
    const { dataSource } = embeds.database;
    const { logger } = dataSource;
    const seen = new Set<string>();
    for (const [who, ask] of Object.entries(strangers)) {
      const queries: string[] = [];
      dataSource.logger = { ...silent, logQuery: (sql) => void queries.push(sql) };
      const { status, headers, body } = await ask();
      dataSource.logger = logger;
      const { requestId: _, ...told } = body as SessionProblem;
      expect([who, status, queries.length]).toEqual([who, 404, 1]);
      const names = [...headers.keys()].filter((name) => !/^(date|x-request-id|ratelimit)/.test(name));
      seen.add(JSON.stringify([queries, told, names.map((name) => [name, headers.get(name)])]));
    }
    expect([...seen]).toHaveLength(1);
    // Nor was the solution used up by those who could not use it.
    expect(outcomeOf(await open(guarded.embedKey, ip, { altcha }))).toBe('session');
  });
});

const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
