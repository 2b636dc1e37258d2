import { randomUUID } from 'node:crypto';
import type { BrowserContext, Page, Response } from 'playwright-core';
import { Admin, type Answer, call } from './support/admin';
import { describeInBrowser } from './support/browser';
import { codeIn, tokenIn } from './support/mailbox';
import { until } from './support/until';
import { describeStack, type Stack } from './support/stack';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
const PASSWORD = 'Violet-harbour-42-lantern';
const NEW_PASSWORD = 'Copper-meadow-77-whistle';

interface Problem {
  code: string;
}

describeInBrowser('A person follows a mailed link', (browser) => {
  describeStack('in Chromium', (start) => {
    let stack: Stack;
    let context: BrowserContext;
    let page: Page;
    let opened: Response | null;
    const requests: { method: string; url: string }[] = [];
    const faults: string[] = [];
    const tokens: string[] = [];

    beforeAll(async () => {
      stack = await start({ TRUST_PROXY: '1' });
      context = await browser().newContext({ locale: 'en-GB', viewport: { width: 360, height: 640 } });
      page = await context.newPage();
      page.on('request', (request) => requests.push({ method: request.method(), url: request.url() }));
      page.on('pageerror', (error) => faults.push(String(error)));
      // The browser itself writes a line for each refused request; everything else is ours, or a policy's.
      page.on('console', (entry) => {
        if (entry.type() === 'error' && !/responded with a status of 4\d\d/.test(entry.text()))
          faults.push(entry.text());
      });
    }, 240_000);
    afterAll(async () => {
      await context?.close();
      await stack?.stop();
    });

    const says = (text: string | RegExp) => page.getByRole('status').getByText(text).waitFor({ timeout: 30_000 });
    const press = (name: string) => page.getByRole('button', { name }).click();
    const login = async (email: string, password: string): Promise<number> =>
      (await call(stack.url, 'POST', '/v1/auth/login', { body: { email, password } })).status;

    /** The page ends its own session, after it has said what happened; the one that asks stays. */
    const hasOneSession = (token: string): Promise<void> =>
      until(
        async () => {
          const { body } = await call<{ items: unknown[] }>(stack.url, 'GET', '/v1/me/sessions', { token });
          return body.items.length === 1;
        },
        30,
        "the end of the page's session",
      );

    /** The link of the newest mail to this person, as the mail has it. */
    async function linkFor(email: string, subject: RegExp): Promise<string> {
      const mail = await stack.mailbox.waitFor(email, subject);
      const token = tokenIn(mail);
      tokens.push(token);
      return /^https?:\S+#\S+$/m.exec(mail.text)?.[0] ?? '';
    }

    /** Opens a link as a mail program does: it is the first thing in its tab. */
    async function open(link: string): Promise<void> {
      await page.goto('about:blank');
      const before = requests.length;
      opened = await page.goto(link);
      await page.getByRole('button').first().waitFor();
      expect(page.url()).toBe(link.replace(/#.*/, ''));
      expect(await page.evaluate('location.hash + document.cookie + localStorage.length')).toBe('0');
      expect(requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    }

    const register = async (): Promise<string> => {
      const email = `${randomUUID()}@example.com`;
      const body = { email, password: PASSWORD, name: 'Ada', workspaceName: 'Acme' };
      expect((await call(stack.url, 'POST', '/v1/auth/register', { body })).status).toBe(202);
      return email;
    };

    it('and confirms an address with a click, not by opening the page, and once', async () => {
      const email = await register();
      const link = await linkFor(email, /^Confirm/);
      await open(link);
      expect(await login(email, PASSWORD)).toBe(401);
      await press('Make my account');
      await says('Your account is ready.');
      const body = { email, password: PASSWORD };
      const signedIn = await call<{ accessToken: string }>(stack.url, 'POST', '/v1/auth/login', { body });
      expect(signedIn.status).toBe(200);
      await hasOneSession(signedIn.body.accessToken);
      await open(link);
      await press('Make my account');
      await says('This link was used, is over or is not complete');
    });

    it('and the page is served with its strict policy, never stored, and leaves no cookie', async () => {
      const headers = opened?.headers() ?? {};
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': POLICY,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(await context.cookies()).toEqual([]);
    });

    it('and chooses a new password: a weak one is refused in words, the old one is good no longer', async () => {
      const { email } = await Admin.register(stack.url);
      await call(stack.url, 'POST', '/v1/auth/password-resets', { body: { email } });
      const link = await linkFor(email, /^Choose a new password/);
      await open(link);
      const field = page.getByLabel('New password');
      expect(await field.getAttribute('autocomplete')).toBe('new-password');
      await field.fill('too-short');
      await press('Set the new password');
      await says('The password is too weak');
      await says(/New password: .*12/);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await login(email, PASSWORD)).toBe(200);
      await field.fill(NEW_PASSWORD);
      await press('Set the new password');
      await says('Your password was changed.');
      expect([await login(email, PASSWORD), await login(email, NEW_PASSWORD)]).toEqual([401, 200]);

      await open(link);
      await field.fill('Another-thimble-63-orchard');
      await press('Set the new password');
      await says('This link was used, is over or is not complete');
      expect(await login(email, NEW_PASSWORD)).toBe(200);
    });

    it('and asks for another link where one is spent, or the mail had none', async () => {
      const { email } = await Admin.register(stack.url);
      await open(`${stack.url}/account/reset-password`);
      await page.getByLabel('E-mail address').fill(email);
      await press('Mail me a link');
      await says(/a mail is on its way/);
      await linkFor(email, /^Choose a new password/);
    });

    const invite = async (owner: Admin, email: string): Promise<string> => {
      const invited = await owner.inWorkspace('POST', '/invitations', { email, role: 'editor' });
      expect(invited.status).toBe(201);
      return linkFor(email, /invited/);
    };
    const signInAs = async (email: string, password: string): Promise<void> => {
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await press('Sign in and accept');
    };
    const isMember = async (person: Admin, owner: Admin): Promise<boolean> =>
      (await person.call('GET', `/v1/workspaces/${owner.workspaceId}`)).status === 200;

    it('and accepts an invitation by signing in, as nobody but the invited, and once', async () => {
      const [owner, guest, other] = [
        await Admin.register(stack.url, 'Bluebird'),
        await Admin.register(stack.url),
        await Admin.register(stack.url),
      ];
      const link = await invite(owner, guest.email);
      await open(link);
      await signInAs(guest.email, 'not-the-password');
      await says('E-mail or password is wrong');
      await signInAs(other.email, other.password);
      await says(/only for the address it was sent to/);
      expect([await isMember(other, owner), await isMember(guest, owner)]).toEqual([false, false]);
      await signInAs(guest.email, guest.password);
      await says('You are a member of “Bluebird” now.');
      expect(await isMember(guest, owner)).toBe(true);
      await open(link);
      await signInAs(guest.email, guest.password);
      await says('This invitation does not exist or is not open any more');
      expect(await context.cookies()).toEqual([]);
    });

    it('and with a second factor is asked for its code first, and signed out again at the end', async () => {
      const { generate } = await import('otplib');
      const [owner, guest] = [await Admin.register(stack.url, 'Sycamore'), await Admin.register(stack.url)];
      const { secret } = (await guest.call<{ secret: string }>('POST', '/v1/me/totp')).body;
      const code = await generate({ secret, epoch: Math.floor(Date.now() / 1000) });
      const confirmed = await guest.call<{ recoveryCodes: string[] }>('POST', '/v1/me/totp/confirm', { code });
      await open(await invite(owner, guest.email));
      await signInAs(guest.email, guest.password);
      const field = page.getByLabel(/Code of your authenticator app/);
      await field.fill('000000');
      await press('Accept');
      await says('The code is wrong or was used before');
      expect(await isMember(guest, owner)).toBe(false);
      await field.fill(confirmed.body.recoveryCodes[0] ?? '');
      await press('Accept');
      await says('You are a member of “Sycamore” now.');
      expect(await isMember(guest, owner)).toBe(true);
      await hasOneSession(guest.session.accessToken);
    });

    it('A04 L02 and while many guess at the account is asked for a mailed code beside the password', async () => {
      const [owner, guest] = [await Admin.register(stack.url, 'Larch'), await Admin.register(stack.url)];
      const body = { email: guest.email, password: 'not-the-password' };
      for (let index = 0; index < 50; index += 1) {
        const headers = { 'x-forwarded-for': `100.64.5.${index}` };
        await call(stack.url, 'POST', '/v1/auth/login', { body, headers });
      }
      await open(await invite(owner, guest.email));
      const field = page.getByLabel('Code from the newest mail');
      expect(await field.isVisible()).toBe(false);
      await signInAs(guest.email, guest.password);
      await says(/sign in again with the code that is mailed/);
      await field.fill('AAAA-AAAA-AAAA');
      await press('Sign in and accept');
      await says('The mailed code is wrong');
      expect(await isMember(guest, owner)).toBe(false);
      const code = codeIn(await stack.mailbox.waitFor(guest.email, /^Your code/));
      tokens.push(code);
      await field.fill(code);
      await press('Sign in and accept');
      await says('You are a member of “Larch” now.');
      expect(await isMember(guest, owner)).toBe(true);
    });

    it.each(['confirm', 'reset-password', 'invitation', 'account.js', 'account.css'])(
      'and /account/%s is the same for everybody and needs nobody signed in',
      async (file) => {
        const answer: Answer<string> = await call(stack.url, 'GET', `/account/${file}`);
        expect([answer.status, answer.headers.get('content-security-policy')]).toEqual([200, POLICY]);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.body).not.toMatch(/<script>|<style|style=|on(click|load|submit)=/);
      },
    );

    it('and there is nothing else beside these pages', async () => {
      for (const path of ['/account', '/account/', '/account/account-pages.js', '/account/..%2fmain.js']) {
        const { status, body } = await call<Problem>(stack.url, 'GET', path);
        expect([path, status, body.code]).toEqual([path, 404, 'route.not-found']);
      }
    });

    it('and no token was in an address or in the log, nothing left for elsewhere, no policy was violated', () => {
      expect(tokens.length).toBeGreaterThan(4);
      const addresses = requests.map(({ url }) => url);
      const { port } = new URL(stack.url);
      expect(addresses.filter((url) => new URL(url).port !== port)).toEqual([]);
      const log = stack.api.log + (stack.worker?.log ?? '');
      for (const token of tokens) {
        const parts = token.split('.');
        const secret = parts.at(-1) ?? token;
        expect(log.includes(secret)).toBe(false);
        expect(addresses.filter((url) => new URL(url).pathname.includes(secret) || url.includes('?'))).toEqual([]);
      }
      expect(faults).toEqual([]);
    });
  });
});
