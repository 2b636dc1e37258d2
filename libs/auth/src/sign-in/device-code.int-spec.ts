import { AUDIT_ENTITIES } from '@app/audit';
import { createTestDatabase, type TestDatabase } from '@app/database/testing';
import { configureHttp, createHttpAdapter, HttpModule, WorkspaceAccess } from '@app/http';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { type Mail, Mailer } from '@app/mail';
import type { CollectedMails } from '@app/mail/testing';
import { JobQueue } from '@app/queue';
import type { MemoryJobQueue } from '@app/queue/testing';
import { Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

import { Accounts } from '../accounts/accounts.service';
import { AUTH_ENTITIES, AuthModule } from '../index';
import { BoundedQueue } from '../passwords/bounded-queue';
import { PasswordHasher } from '../passwords/password-hasher';
import { SecondFactors } from '../second-factor/second-factors.service';
import { configForTests } from '../testing/config-for-tests';
import { PlatformForTests } from '../testing/platform-for-tests';
import { DeviceCodeMails } from './device-code-mails.service';
import { DeviceCodes } from './device-codes';
import { LoginThrottle } from './login-throttle';

const PASSWORD = 'seven quiet otters paint';
const HOME = '198.51.100.20';

interface Answer {
  status: number;
  requestId: string | null;
  text: string;
  body: Record<string, unknown>;
}

/** The guard asks for it; nobody here goes to a workspace. */
class NoAccess extends WorkspaceAccess {
  async roleOf(): Promise<null> {
    return null;
  }
}

@Global()
@Module({
  providers: [{ provide: WorkspaceAccess, useClass: NoAccess }],
  exports: [WorkspaceAccess],
})
class NoWorkspaces {}

describe('A04 L02 signing in on a new device while many guess at the account, over HTTP', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;
  let passwordHash: string;
  let addresses = 0;
  const clock = new FakeClock();

  beforeAll(async () => {
    test = await createTestDatabase('embedded', { entities: [...AUTH_ENTITIES, ...AUDIT_ENTITIES] });
    const config = configForTests({ TRUST_PROXY: '1' });
    const module = await Test.createTestingModule({
      imports: [
        PlatformForTests.over(test, clock),
        NoWorkspaces,
        HttpModule.forRoot(config),
        AuthModule.forRoot(config),
      ],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { logger: ['error'] });
    await configureHttp(app, config);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
  });
  afterAll(async () => {
    await app?.close(); // undefined when it could not be made: the reason is in the log then
    await test.close();
  });

  /** An address nobody has come from. */
  const anyAddress = (): string => {
    addresses += 1;
    return `100.64.${Math.floor(addresses / 250)}.${addresses % 250}`;
  };

  async function login(
    email: string,
    over: { password?: string; deviceCode?: string; deviceToken?: string; ip?: string } = {},
  ): Promise<Answer> {
    const { password = PASSWORD, ip = anyAddress(), ...tokens } = over;
    const response = await fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
      body: JSON.stringify({ email, password, refreshTokenIn: 'body', ...tokens }),
    });
    const text = await response.text();
    const requestId = response.headers.get('x-request-id');
    return { status: response.status, requestId, text, body: JSON.parse(text) };
  }
  const codeOf = ({ status, body }: Answer): unknown[] => [status, body['code']];
  const withoutRequest = ({ text, requestId }: Answer): string => text.replace(String(requestId), '');

  /** Fifty wrong passwords from everywhere, an hour after what other tests did. Counted, not hashed: it takes no time. */
  async function attack(...emails: string[]): Promise<void> {
    clock.advance(3600);
    for (const email of emails) {
      for (let index = 0; index < 50; index += 1) {
        await app.get(LoginThrottle).count({ email, ip: anyAddress(), deviceId: null });
      }
    }
  }
  async function newAccount(): Promise<{ id: string; email: string }> {
    const account = { id: newId(), email: `anna.${newId()}@example.com`, name: 'Anna Schmidt' };
    await test.db.runAsUser({ userId: account.id }, (tx) => app.get(Accounts).add(tx, account, passwordHash));
    return account;
  }
  const stranger = (): string => `nobody.${newId()}@example.com`;

  async function mailsTo(email: string): Promise<Mail[]> {
    await app.get<JobQueue, MemoryJobQueue>(JobQueue, { strict: false }).whenIdle();
    return app.get<Mailer, CollectedMails>(Mailer, { strict: false }).sent.filter(({ to }) => to === email);
  }
  const codeIn = (mail: Mail | undefined): string => /^(\w{4}-){2}\w{4}$/m.exec(mail?.text ?? '')?.[0] ?? '';
  const mailedCode = async (email: string): Promise<string> => codeIn((await mailsTo(email)).at(-1));
  const ROWS = 'select action, actor_id, data from audit_events where request_id = $1 order by id';
  const recorded = ({ requestId }: Answer) => test.inspect(ROWS, [requestId]);

  it('works with the mailed code and the password, once, and makes the device known', async () => {
    const { id, email } = await newAccount();
    await attack(email);
    const asked = await login(email);
    expect(codeOf(asked)).toEqual([403, 'auth.device-code-required']);
    expect(await recorded(asked)).toEqual([{ action: 'device-code.requested', actor_id: null, data: {} }]);

    const deviceCode = await mailedCode(email);
    const signedIn = await login(email.toUpperCase(), { deviceCode: ` ${deviceCode.toLowerCase()} ` });
    expect([signedIn.status, signedIn.body]).toMatchObject([200, { user: { id } }]);
    const actions = (await recorded(signedIn)).map(({ action, actor_id }) => [action, actor_id]);
    expect(actions).toEqual([
      ['device-code.used', id],
      ['session.started', id],
    ]);
    const deviceToken = String(signedIn.body['deviceToken']);
    expect((await login(email, { deviceToken })).status).toBe(200);
    expect(codeOf(await login(email, { deviceCode }))).toEqual([401, 'auth.device-code-invalid']);
  });

  it('L05 is answered with the same bytes for an account that does not exist, and for the right and a wrong password', async () => {
    const { email } = await newAccount();
    const nobody = stranger();
    await attack(email, nobody);
    const hashing = jest.spyOn(BoundedQueue.prototype, 'run');
    const answersTo = async (address: string): Promise<string[]> => {
      const tries = [
        {},
        { password: 'wrong' },
        { deviceCode: 'AAAA-AAAA-AAAA' },
        { deviceCode: 'x', password: 'wrong' },
      ];
      const answers: string[] = [];
      for (const over of tries) answers.push(withoutRequest(await login(address, over)));
      return answers;
    };
    const [known, unknown] = [await answersTo(email), await answersTo(nobody)];
    expect(unknown).toEqual(known);
    expect(new Set(known).size).toBe(2);
    expect(hashing).not.toHaveBeenCalled();
    hashing.mockRestore();
    expect([(await mailsTo(email)).length, (await mailsTo(nobody)).length]).toEqual([1, 0]);
  });

  it('is not possible with the code and a wrong password, which costs no code, nor with the code of another account', async () => {
    const [anna, ben] = [await newAccount(), await newAccount()];
    await attack(anna.email, ben.email);
    await login(anna.email);
    const deviceCode = await mailedCode(anna.email);
    expect(codeOf(await login(ben.email, { deviceCode }))).toEqual([401, 'auth.device-code-invalid']);
    const wrong = await login(anna.email, { deviceCode, password: 'wrong' });
    expect(codeOf(wrong)).toEqual([401, 'auth.invalid-credentials']);
    expect((await login(anna.email, { deviceCode })).status).toBe(200);
  });

  it('is stopped by nothing that guessers of codes do, who have five tries at an address as with passwords', async () => {
    const { email } = await newAccount();
    await attack(email);
    const ip = anyAddress();
    await login(email, { ip });
    const guesses: unknown[] = [];
    for (let index = 0; index < 5; index += 1) {
      guesses.push(codeOf(await login(email, { deviceCode: `AAAA-AAAA-AAA${index}`, ip })));
    }
    const invalid = [401, 'auth.device-code-invalid'];
    expect(guesses).toEqual([invalid, invalid, invalid, invalid, [429, 'limit.logins']]);
    for (let index = 0; index < 60; index += 1) {
      const guess = await login(email, { deviceCode: `AAAA-AAAA-BB${10 + index}` });
      expect(codeOf(guess)).toEqual(invalid);
      if (index === 0) {
        const data = { reason: 'wrong-device-code' };
        expect(await recorded(guess)).toEqual([{ action: 'session.start-failed', actor_id: null, data }]);
      }
    }
    expect((await login(email, { deviceCode: await mailedCode(email), ip: HOME })).status).toBe(200);
  });

  it('needs one mail, however often others ask; the next is sent after 13 minutes and takes nothing from the first', async () => {
    const { email } = await newAccount();
    await attack(email);
    for (let index = 0; index < 30; index += 1) await login(email);
    expect(await mailsTo(email)).toHaveLength(1);
    clock.advance(13 * 60);
    for (let index = 0; index < 30; index += 1) await login(email);
    const [first, second, ...more] = await mailsTo(email);
    expect(more).toEqual([]);
    expect((await login(email, { deviceCode: codeIn(first) })).status).toBe(200);
    clock.advance(15 * 60 - 1);
    expect((await login(email, { deviceCode: codeIn(second) })).status).toBe(200);
  });

  it('can be had at any time, also from somebody who has asked every minute for three hours', async () => {
    const { email } = await newAccount();
    const sent: number[] = [];
    for (let minute = 0; minute < 180; minute += 1) {
      clock.advance(60);
      await app.get(DeviceCodeMails).ask(email, {});
      const mails = await mailsTo(email);
      expect([minute, await app.get(DeviceCodes).isGood(email, codeIn(mails.at(-1)))]).toEqual([minute, true]);
      sent.push(mails.length);
    }
    expect([sent[59], sent[119], sent[179]]).toEqual([5, 10, 14]);
  });

  it('is not possible sixteen minutes after the mail with its code, and another one can be had then', async () => {
    const { email } = await newAccount();
    await attack(email);
    await login(email);
    const late = await mailedCode(email);
    clock.advance(16 * 60);
    expect(codeOf(await login(email, { deviceCode: late }))).toEqual([401, 'auth.device-code-invalid']);
    expect(codeOf(await login(email))).toEqual([403, 'auth.device-code-required']);
    expect((await login(email, { deviceCode: await mailedCode(email) })).status).toBe(200);
  });

  it('lets one of many in who come with the same code at once', async () => {
    const { email } = await newAccount();
    await attack(email);
    await login(email);
    const deviceCode = await mailedCode(email);
    const answers = await Promise.all(Array.from({ length: 6 }, () => login(email, { deviceCode })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it('takes no code in the place of a second factor', async () => {
    const { id, email } = await newAccount();
    const { generate } = await import('otplib');
    const user = { userId: id, sessionId: newId() };
    const { secret } = await app.get(SecondFactors).enrol(user);
    await app.get(SecondFactors).enable(user, await generate({ secret, epoch: clock.now().getTime() / 1000 }));
    await attack(email);
    await login(email);
    const answer = await login(email, { deviceCode: await mailedCode(email) });
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['secondFactor']]);
  });

  it('looks at no code where none is asked for', async () => {
    const { email } = await newAccount();
    expect((await login(email, { deviceCode: 'not one' })).status).toBe(200);
    expect(await mailsTo(email)).toEqual([]);
  });
});
