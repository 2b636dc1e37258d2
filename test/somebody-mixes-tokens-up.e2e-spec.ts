import { call } from './support/admin';
import { collectSecrets, type Secrets, SITE } from './support/secrets';
import { SignInElsewhere } from './support/sign-in-elsewhere';
import { describeStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const NEXT = 'Nine-otters-knit-scarves';

interface Outcome {
  status: number;
  code: string;
}

/** Somewhere a secret is asked for: what is sent, whose it is, and what a wrong one is told. */
interface Place {
  name: string;
  /** The kinds it takes. */
  takes: readonly string[];
  refuses: readonly string[];
  offer: (secret: string, secrets: Secrets) => Promise<Outcome>;
}

describeStack('Somebody takes one kind of token for another', (start) => {
  let stack: Stack;
  let elsewhere: SignInElsewhere;
  let secrets: Secrets;

  beforeAll(async () => {
    elsewhere = await SignInElsewhere.open();
    stack = await start(elsewhere.env);
    secrets = await collectSecrets(stack.url);
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    await elsewhere?.close();
  });

  const ask = async (
    method: string,
    path: string,
    options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Outcome> => {
    const { status, body } = await call<{ code?: string }>(stack.url, method, path, options);
    return { status, code: body.code ?? '' };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask('POST', path, { body, headers });

  const PLACES: readonly Place[] = [
    {
      name: 'bearer of a person',
      takes: ['access token'],
      // Who this is and what they may do are two questions: a key is known here, and no person.
      refuses: ['401 auth.token-invalid', '403 access.denied'],
      offer: (token) => ask('GET', '/v1/me', { token }),
    },
    {
      name: 'bearer in a workspace',
      takes: ['access token', 'API key'],
      refuses: ['401 auth.token-invalid'],
      offer: (token, { admin }) => ask('GET', `/v1/workspaces/${admin.workspaceId}/documents`, { token }),
    },
    {
      name: 'refresh token',
      takes: ['refresh token', 'refresh token of the cookie'],
      refuses: ['401 auth.token-invalid', '400 request.invalid'],
      offer: (refreshToken) => post('/v1/auth/refresh', { refreshToken }),
    },
    {
      name: 'refresh cookie',
      takes: ['refresh token', 'refresh token of the cookie'],
      refuses: ['401 auth.token-invalid', '403 auth.csrf', '401 auth.required'],
      offer: (value, { browser }) =>
        post('/v1/auth/refresh', {}, browser.headers({ cookie: `__Host-rt=${encodeURIComponent(value)}` })),
    },
    {
      name: 'CSRF token',
      takes: ['CSRF token'],
      refuses: ['403 auth.csrf'],
      offer: (value, { browser }) => post('/v1/auth/refresh', {}, browser.headers({ 'x-csrf-token': value })),
    },
    {
      name: 'socket of a visitor',
      takes: ['visitor token'],
      refuses: ['401 visitor.token-invalid'],
      offer: async (visitorToken) => {
        try {
          const session = { visitorToken } as Awaited<ReturnType<typeof Visitor.openSession>>; // all that is sent of it
          (await Visitor.connect(stack.url, session, SITE)).leave();
          return { status: 200, code: '' };
        } catch (error) {
          return (error as { data: Outcome }).data; // what a refused handshake carries
        }
      },
    },
    {
      name: 'embed key',
      takes: ['embed key'],
      refuses: ['404 embed.not-found', '400 request.invalid'],
      offer: (embedKey) => post('/v1/embed/sessions', { embedKey }, { origin: SITE }),
    },
    {
      name: 'token of a reset',
      takes: ['reset token'],
      refuses: ['400 auth.link-invalid', '400 request.invalid'],
      offer: (token) => post('/v1/auth/password-resets/confirm', { token, password: NEXT }),
    },
    {
      name: 'token of a registration',
      takes: ['registration token'],
      refuses: ['400 auth.link-invalid', '400 request.invalid'],
      offer: (token) => post('/v1/auth/registrations/confirm', { token }),
    },
    {
      name: 'token of an invitation',
      takes: ['invitation token'],
      refuses: ['404 invitation.not-found', '400 request.invalid'],
      offer: (token, { guest }) =>
        ask('POST', '/v1/invitations/accept', { body: { token }, token: guest.session.accessToken }),
    },
    {
      name: 'challenge of a second factor',
      takes: ['second-factor challenge'],
      refuses: ['401 auth.challenge-invalid', '400 request.invalid'],
      offer: (challenge, { kinds }) =>
        post('/v1/auth/login/second-factor', { challenge, recoveryCode: kinds['recovery code'] }),
    },
  ];

  it.each(PLACES)('T13 as $name nothing else is taken', async ({ takes, refuses, offer }) => {
    const faults: string[] = [];
    for (const [kind, secret] of Object.entries(secrets.kinds)) {
      expect([kind, secret.length > 5]).toEqual([kind, true]);
      if (takes.includes(kind)) continue;
      const { status, code } = await offer(secret, secrets);
      if (!refuses.includes(`${status} ${code}`)) faults.push(`${kind}: ${status} ${code}`);
    }
    expect(faults).toEqual([]);
  });

  it('T13 as bearer every one of them but the own and API keys is 401', async () => {
    const [person, workspace] = PLACES;
    for (const [kind, secret] of Object.entries(secrets.kinds)) {
      if (kind === 'access token') continue;
      const own = kind === 'API key';
      expect([kind, (await person?.offer(secret, secrets))?.status]).toEqual([kind, own ? 403 : 401]);
      expect([kind, (await workspace?.offer(secret, secrets))?.status]).toEqual([kind, own ? 200 : 401]);
    }
  });

  it('T13 as resume token nothing brings back a visitor but their own', async () => {
    const { kinds, embedKey } = secrets;
    const visitorOf = async (resumeToken?: string): Promise<string> => {
      const body = { embedKey, ...(resumeToken !== undefined && { resumeToken }) };
      const { body: session } = await call<{ visitorToken?: string }>(stack.url, 'POST', '/v1/embed/sessions', {
        body,
        headers: { origin: SITE },
      });
      const claims = Buffer.from(session.visitorToken?.split('.')[1] ?? '', 'base64url').toString();
      return session.visitorToken ? (JSON.parse(claims) as { sub: string }).sub : 'nobody';
    };
    const subject = JSON.parse(Buffer.from(kinds['visitor token']?.split('.')[1] ?? '', 'base64url').toString()) as {
      sub: string;
    };
    for (const [kind, secret] of Object.entries(kinds)) {
      if (kind !== 'resume token') expect([kind, await visitorOf(secret)]).not.toEqual([kind, subject.sub]);
    }
    expect(await visitorOf(kinds['resume token'])).toBe(subject.sub);
  });

  it('while each is good for what it is for', async () => {
    const outcomes: unknown[] = [];
    // The second of two places for one token comes after it was spent.
    const spent = new Set<string>();
    for (const { name, takes, offer } of PLACES) {
      const kind = takes.find((one) => !spent.has(one));
      if (kind === undefined) continue;
      spent.add(kind === 'access token' ? '' : kind);
      const { status, code } = await offer(secrets.kinds[kind] ?? '', secrets);
      if (status >= 300) outcomes.push([name, kind, status, code]);
    }
    expect(outcomes).toEqual([]);
  });
});
