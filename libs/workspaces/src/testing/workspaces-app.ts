import { AUDIT_ENTITIES } from '@app/audit';
import { AUTH_ENTITIES, AuthModule } from '@app/auth';
import { configForTests, PlatformForTests } from '@app/auth/testing';
import type { CreateDatabase, TestDatabase } from '@app/database/testing';
import { HttpModule, type Role } from '@app/http';
import { newId, type UserContext, type WorkspaceContext } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { type Mail, MailOutbox } from '@app/mail';
import { Test, type TestingModule } from '@nestjs/testing';
import { Accounts } from '@app/auth';

import { WORKSPACE_ENTITIES, WorkspacesModule } from '../index';
import { Workspaces } from '../workspaces.service';

/** Somebody with an account, outside any session. */
export interface Person {
  readonly id: string;
  readonly email: string;
}

/** The modules of auth and workspaces over a test database, with a clock the test moves and mails it reads. */
export class WorkspacesApp {
  readonly mails: Mail[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly clock: FakeClock,
  ) {}

  private module: TestingModule | undefined;

  static async start(create: CreateDatabase): Promise<WorkspacesApp> {
    const database = await create({ entities: [...WORKSPACE_ENTITIES, ...AUTH_ENTITIES, ...AUDIT_ENTITIES] });
    const app = new WorkspacesApp(database, new FakeClock());
    const config = configForTests();
    app.module = await Test.createTestingModule({
      imports: [
        PlatformForTests.over(database, app.clock),
        HttpModule.forRoot(config),
        AuthModule.forRoot(config),
        WorkspacesModule,
      ],
    })
      .overrideProvider(MailOutbox)
      .useValue({ post: async (mail: Mail) => void app.mails.push(mail) })
      .compile();
    return app;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    if (!this.module) throw new Error('not started');
    return this.module.get<T>(type, { strict: false });
  }

  /** An account, made past registration, which has tests of its own. */
  async addPerson(name: string): Promise<Person> {
    const id = newId();
    const account = { id, email: `${name}.${id}@example.com`, name };
    await this.database.db.runAsUser({ userId: id }, (tx) => this.get(Accounts).add(tx, account, 'x'));
    return account;
  }

  /** A workspace with its owner. */
  async addWorkspace(owner: Person): Promise<WorkspaceContext> {
    const { id } = await this.get(Workspaces).create(userOf(owner), 'Blue Kettle');
    return contextIn(id, owner);
  }

  /** Past the invitation. */
  async addMember({ workspaceId }: WorkspaceContext, person: Person, role: Role): Promise<WorkspaceContext> {
    const ctx = contextIn(workspaceId, person);
    await this.database.db.run(ctx, (tx) =>
      tx.query('insert into workspace_members (workspace_id, user_id, role) values ($1, $2, $3)', [
        workspaceId,
        person.id,
        role,
      ]),
    );
    return ctx;
  }

  /** What the newest mail to this address carries behind the `#` of its link. */
  tokenFor({ email }: { email: string }): string {
    const mail = this.mails.findLast(({ to }) => to === email);
    return /^https:\/\/\S+#(\S+)$/m.exec(mail?.text ?? '')?.[1] ?? '';
  }

  async close(): Promise<void> {
    await this.module?.close();
    await this.database.close();
  }
}

const contextIn = (workspaceId: string, { id }: Person): WorkspaceContext => ({
  workspaceId,
  actor: { type: 'user', id },
});

export const userOf = ({ id }: Person): UserContext => ({ userId: id, sessionId: newId() });
