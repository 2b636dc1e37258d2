import { randomUUID } from 'node:crypto';
import { writeZip } from '@app/documents/testing';
import { Admin, type Answer, call } from './admin';
import { exampleQuery } from './example-body';
import type { Operation } from './open-api';
import type { SignInElsewhere } from './sign-in-elsewhere';
import { until } from './until';
import { Visitor } from './visitor';

const SITE = 'https://www.example.com';

/** A workspace with one of everything, made through the front door. Every text in it carries the company's canary. */
export class Company {
  private constructor(
    readonly canary: string,
    readonly admin: Admin,
    readonly colleague: Admin,
    readonly visitor: Visitor,
    readonly answerId: string,
    /** By the name of the path parameter that takes it. */
    readonly ids: Readonly<Record<string, string>>,
  ) {}

  /** @param elsewhere where its owner signs in too; without it nobody has a linked sign-in */
  static async found(url: string, canary: string, elsewhere?: SignInElsewhere): Promise<Company> {
    const admin = await Admin.register(url, `Company ${canary}`);
    const colleague = await Admin.register(url, `Colleague of ${canary}`);
    await admin.addMember(colleague, 'editor');
    const document = await admin.uploadAndIndex(`${canary}.md`, handbook(canary), 'text/markdown');
    const embed = await admin.createEmbed([SITE], `Help of ${canary}`);
    const visitor = await Visitor.arrive(url, embed.embedKey, SITE);
    const { answerId } = await visitor.ask(`What is the return code of ${canary}?`);
    const ids: Record<string, string> = {
      workspaceId: admin.workspaceId,
      documentId: document.id,
      embedId: embed.id,
      userId: colleague.session.user.id,
    };
    for (const [parameter, make] of Object.entries(MADE)) ids[parameter] = await make(admin, canary);
    ids['identityId'] = elsewhere ? await linkedIdentity(admin, elsewhere) : randomUUID();
    return new Company(canary, admin, colleague, visitor, answerId, ids);
  }

  /** The operation's address with this company's ids, but those given. They are put in as they are. */
  address(operation: Operation, others: Record<string, string> = {}): string {
    const value = (_: string, name: string): string => others[name] ?? this.ids[name] ?? `no-example-of-${name}`;
    return operation.path.replace(/\{(\w+)\}/g, value) + exampleQuery(operation);
  }

  /** What a request of this company's owner, or its visitor, shows at the operation. */
  credentials({ access }: Operation): { token?: string; headers?: Record<string, string> } {
    if (access === 'public') return {};
    if (access !== 'visitor') return { token: this.admin.session.accessToken };
    return { token: this.visitor.session.visitorToken, headers: { origin: SITE } };
  }

  leave(): void {
    this.visitor.leave();
  }
}

const handbook = (canary: string): Buffer =>
  Buffer.from(`# Returns of ${canary}\n\nThe return code of ${canary} is ${canary}. Parcels go back in thirty days.\n`);

/** What else there is, by the name of the path parameter that takes its id. */
const MADE: Readonly<Record<string, (admin: Admin, canary: string) => Promise<string>>> = {
  bulkUploadId: async (admin, canary) =>
    idIn(await admin.uploadArchive(writeZip([{ name: `${canary}.html`, content: `<script>${canary}</script>` }]))),
  conversationId: async (admin) => firstId(await admin.inWorkspace('GET', '/conversations')),
  snippetId: async (admin, canary) =>
    idIn(await admin.inWorkspace('POST', '/snippets', { question: `What is ${canary}?`, answer: `A ${canary}.` })),
  apiKeyId: async (admin, canary) =>
    idIn(await admin.inWorkspace('POST', '/api-keys', { name: `Key of ${canary}`, scopes: ['documents.read'] })),
  // A key that was replaced: the current one cannot be revoked.
  embedKeyId: async (admin) => {
    const embed = `/embeds/${firstId(await admin.inWorkspace('GET', '/embeds'))}`;
    await admin.inWorkspace('POST', `${embed}/keys/rotate`, {});
    const { body } = await admin.inWorkspace<{ items: Listed[] }>('GET', `${embed}/keys`);
    return body.items[1]?.id ?? 'none-was-replaced';
  },
  identitySecretId: async (admin) => {
    const embed = `/embeds/${firstId(await admin.inWorkspace('GET', '/embeds'))}`;
    return idIn(await admin.inWorkspace('POST', `${embed}/identity-secrets`));
  },
  // Its page is nowhere, which it has found out: from then on it stays as it is.
  sourceId: async (admin, canary) => {
    const body = { kind: 'url', url: `https://${canary.toLowerCase()}.example/`, title: `Site of ${canary}` };
    const id = idIn(await admin.inWorkspace('POST', '/sources', body));
    await until(async () => {
      const source = await admin.inWorkspace<{ lastRun: { status: string } }>('GET', `/sources/${id}`);
      return source.body.lastRun.status !== 'running';
    }, 60);
    return id;
  },
  invitationId: async (admin, canary) =>
    idIn(await admin.inWorkspace('POST', '/invitations', { email: `${canary}@example.com`, role: 'viewer' })),
  // A second session beside the one that asks.
  sessionId: async (admin) => {
    const { email, password } = admin;
    await call(admin.url, 'POST', '/v1/auth/login', { body: { email, password, refreshTokenIn: 'body' } });
    return firstId(await admin.call('GET', '/v1/me/sessions'));
  },
};

async function linkedIdentity(admin: Admin, elsewhere: SignInElsewhere): Promise<string> {
  await elsewhere.link(admin);
  return firstId(await admin.call('GET', '/v1/me/identities'));
}

interface Listed {
  id: string;
  isCurrent?: boolean;
}

const idIn = ({ body }: Answer): string => (body as Listed).id; // every view has one
const firstId = ({ body }: Answer): string =>
  (body as { items: Listed[] }).items.find(({ isCurrent }) => isCurrent !== true)?.id ?? 'none-in-the-list';
