import { randomUUID } from 'node:crypto';
import { Admin, call } from './admin';
import { BrowserSession } from './browser-session';
import { mailbox, tokenIn } from './mailbox';
import { cookieIn, step } from './sign-in-elsewhere';
import { Visitor } from './visitor';

export const SITE = 'https://www.example.com';
const PASSWORD = 'Another-harbour-73-lantern';

/** Everything of one installation that opens something, by its name, and what the places that take it need besides. */
export interface Secrets {
  admin: Admin;
  browser: BrowserSession;
  embedKey: string;
  guest: Admin;
  kinds: Readonly<Record<string, string>>;
}

/** One of each, made the way people get them. */
export async function collectSecrets(url: string): Promise<Secrets> {
  const [admin, guest, careful] = [await Admin.register(url), await Admin.register(url), await Admin.register(url)];
  const { email, password } = admin;
  const { embedKey } = await admin.createEmbed([SITE]);
  const visitor = await Visitor.openSession(url, embedKey, SITE);
  const browser = await BrowserSession.signIn(url, admin);
  const login = await call<{ deviceToken: string }>(url, 'POST', '/v1/auth/login', {
    body: { email, password, refreshTokenIn: 'body' },
  });
  const made = await admin.inWorkspace<{ id: string; key: string; last4: string }>('POST', '/api-keys', {
    name: 'A program',
    scopes: ['documents.read'],
  });
  const oidc = await step(`${url}/v1/auth/oidc/start`);
  const kinds = {
    'access token': admin.session.accessToken,
    'refresh token': admin.session.refreshToken,
    'refresh token of the cookie': browser.cookie.value ?? '',
    'CSRF token': browser.page.csrfToken,
    'device token': login.body.deviceToken,
    'visitor token': visitor.visitorToken,
    'resume token': visitor.resumeToken,
    'embed key': embedKey,
    'API key': made.body.key,
    'API key without its beginning': made.body.key.replace(/^cc_key_/, ''),
    'API key’s id': made.body.id,
    'API key’s end': `cc_key_${made.body.last4}`,
    'OIDC flow': cookieIn(oidc.headers, '__Host-oidc').split('=')[1] ?? '',
    'session id': admin.session.refreshToken.split('.')[0] ?? '',
    ...(await mailedLinks(admin, guest)),
    ...(await secondFactor(careful)),
  };
  return { admin, browser, embedKey, guest, kinds };
}

async function mailedLinks(admin: Admin, guest: Admin): Promise<Record<string, string>> {
  const { url } = admin;
  const forgetful = await Admin.register(url);
  const email = `${randomUUID()}@example.com`;
  const registration = { email, password: PASSWORD, name: 'Ada', workspaceName: 'Acme' };
  await call(url, 'POST', '/v1/auth/register', { body: registration });
  await call(url, 'POST', '/v1/auth/password-resets', { body: { email: forgetful.email } });
  await admin.inWorkspace('POST', '/invitations', { email: guest.email, role: 'viewer' });
  return {
    'registration token': tokenIn(await mailbox.waitFor(email, /^Confirm/)),
    'reset token': tokenIn(await mailbox.waitFor(forgetful.email, /^Choose a new password/)),
    'invitation token': tokenIn(await mailbox.waitFor(guest.email, /invited/)),
  };
}

async function secondFactor(careful: Admin): Promise<Record<string, string>> {
  const { generate } = await import('otplib');
  const { secret } = (await careful.call<{ secret: string }>('POST', '/v1/me/totp')).body;
  const confirmed = await careful.call<{ recoveryCodes: string[] }>('POST', '/v1/me/totp/confirm', {
    code: await generate({ secret }),
  });
  const { email, password } = careful;
  const login = await call<{ secondFactor: { challenge: string } }>(careful.url, 'POST', '/v1/auth/login', {
    body: { email, password },
  });
  return {
    'second-factor challenge': login.body.secondFactor.challenge,
    'authenticator secret': secret,
    'recovery code': confirmed.body.recoveryCodes[0] ?? '',
  };
}
