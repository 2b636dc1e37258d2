import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody the provider knows. */
export interface ProviderPerson {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
}

/** A real OpenID provider (the certified `oidc-provider`), whose sign-in page lets `person` in without a password. */
export class SignInProvider {
  person: ProviderPerson = { sub: 'nobody', email: 'nobody@example.com', email_verified: false, name: 'Nobody' };

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(client: { id: string; secret: string; redirectUri: string }): Promise<SignInProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // of a server that listens on TCP
    const started = new SignInProvider(server, `http://127.0.0.1:${port}`);
    await started.serve(client);
    return started;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve({ id, secret, redirectUri }: { id: string; secret: string; redirectUri: string }): Promise<void> {
    const { default: Provider } = await import('oidc-provider');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirectUri] }],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: () => '/interaction' },
      findAccount: (_ctx: unknown, accountId: string) => ({ accountId, claims: async () => this.person }),
      loadExistingGrant: async (ctx: ProviderContext) => {
        const { provider: own, client, session } = ctx.oidc;
        const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    const handle = provider.callback();
    this.server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction') !== true) return handle(request, response);
      void provider.interactionFinished(request, response, { login: { accountId: this.person.sub } });
    });
  }
}

interface ProviderContext {
  oidc: {
    provider: { Grant: new (ids: object) => { addOIDCScope(scope: string): void; save(): Promise<string> } };
    client: { clientId: string };
    session: { accountId: string };
  };
}

/** Follows redirects as a browser does, with a cookie jar for each host, and stops before `stopAt`. */
export async function followUntil(address: string, stopAt: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = address;
  for (let hops = 0; hops < 10 && !url.startsWith(stopAt); hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} at ${new URL(url).pathname}: ${await response.text()}`);
    url = new URL(location, url).href;
  }
  return url;
}
