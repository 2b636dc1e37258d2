import { parseSetCookie, type SetCookie } from 'cookie';
import { type Admin, type Answer, call } from './admin';

interface Handed {
  accessToken: string;
  csrfToken: string;
  refreshToken?: string;
  code?: string;
}

/** A browser's side of a session at the REST api: it holds a cookie it cannot read, and what the page was told. */
export class BrowserSession {
  private constructor(
    readonly url: string,
    public cookie: SetCookie,
    public page: Handed,
  ) {}

  static async signIn(url: string, { email, password }: Admin): Promise<BrowserSession> {
    const answer = await call<Handed>(url, 'POST', '/v1/auth/login', { body: { email, password } });
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`);
    return new BrowserSession(url, cookieOf(answer), answer.body);
  }

  /** What a request to one of our own pages' api carries; `changes` replaces headers, undefined takes one away. */
  headers(changes: Record<string, string | undefined> = {}): Record<string, string> {
    const all = {
      cookie: `${this.cookie.name}=${this.cookie.value}`,
      'sec-fetch-site': 'same-origin',
      origin: this.url,
      'content-type': 'application/json',
      'x-csrf-token': this.page.csrfToken,
      ...changes,
    };
    // What is left is text.
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  /** Sends exactly these headers and this body, and keeps nothing of the answer. */
  async post(path: string, headers = this.headers(), body = '{}'): Promise<{ status: number; code?: string }> {
    const response = await fetch(this.url + path, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, ...(text !== '' && { code: (JSON.parse(text) as { code?: string }).code }) };
  }

  async refresh(url = this.url): Promise<Answer<Handed>> {
    const answer = await call<Handed>(url, 'POST', '/v1/auth/refresh', { headers: this.headers(), body: {} });
    if (answer.status === 200) [this.cookie, this.page] = [cookieOf(answer), answer.body];
    return answer;
  }
}

/** The one cookie an answer sets, beside the one by which a sign-in makes the device known: that opens nothing. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): SetCookie {
  const [line = '', ...more] = headers.getSetCookie().filter((cookie) => !cookie.startsWith('__Host-device='));
  if (more.length > 0) throw new Error('more than one cookie was set');
  return parseSetCookie(line);
}
