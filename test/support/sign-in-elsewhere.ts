import { randomUUID } from 'node:crypto';
import type { Admin, Answer } from './admin';
import { followUntil, type ProviderPerson, SignInProvider } from './sign-in-provider';

/** How browsers know the product here; nobody has to resolve it. */
export const PUBLIC_URL = 'http://chat.localhost:3000';
const CALLBACK = `${PUBLIC_URL}/v1/auth/oidc/callback`;

/** What a browser brings back from the provider, and the cookie it left with. */
export interface RoundTrip {
  cookie: string;
  /** Path and query. */
  callback: string;
}

/** Signing in with another provider: the provider, and the ways of a browser between the two. */
export class SignInElsewhere {
  private constructor(
    readonly provider: SignInProvider,
    /** For an installation that signs in with it. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(): Promise<SignInElsewhere> {
    const client = { id: 'customercare', secret: 'Vq8mT2rX9kL4', redirectUri: CALLBACK };
    const provider = await SignInProvider.start(client);
    return new SignInElsewhere(provider, {
      PUBLIC_URL,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_NAME: 'Blue Kettle',
      OIDC_SIGN_UP: 'true',
      OIDC_RETURN_PATH: '/signed-in',
    });
  }

  close(): Promise<void> {
    return this.provider.stop();
  }

  /** From the address the product sent the browser to, over the provider, to the door of the callback. */
  async travel(person: ProviderPerson, address: string, departure: Headers): Promise<RoundTrip> {
    this.provider.person = person;
    const back = await followUntil(address, CALLBACK);
    return { cookie: cookieIn(departure, '__Host-oidc'), callback: back.replace(PUBLIC_URL, '') };
  }

  /** Links somebody there to the admin's account. The answer is that of the way back. */
  async link(admin: Admin): Promise<Answer> {
    const { status, body, headers } = await admin.call<{ address: string }>('POST', '/v1/me/identities');
    if (status !== 200) throw new Error(`link: ${status} ${JSON.stringify(body)}`);
    return arrive(admin.url, await this.travel(somebody(), body.address, headers));
  }
}

export function somebody(): ProviderPerson {
  const sub = randomUUID();
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Ada' };
}

/** One step of a browser: redirects are looked at, not followed. */
export const step = (url: string, cookie = ''): Promise<Response> =>
  fetch(url, { redirect: 'manual', headers: { cookie } });

/** The same for `Answer`s. */
export async function arrive(url: string, { callback, cookie }: RoundTrip): Promise<Answer<string>> {
  const response = await step(`${url}${callback}`, cookie);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** `name=value`; empty when there is none. */
export function cookieIn(headers: Headers, name: string): string {
  const found = headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`)) ?? '';
  return found.split(';')[0] ?? '';
}
