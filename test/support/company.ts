import { Admin } from './admin';
import type { Operation } from './open-api';
import { Visitor } from './visitor';

export const SITE = 'https://www.example.com';

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

  static async found(url: string, canary: string): Promise<Company> {
    const admin = await Admin.register(url, `Company ${canary}`);
    const colleague = await Admin.register(url, `Colleague of ${canary}`);
    await admin.addMember(colleague, 'editor');
    const document = await admin.uploadAndIndex(`${canary}.md`, handbook(canary), 'text/markdown');
    const embed = await admin.createEmbed([SITE], `Help of ${canary}`);
    const visitor = await Visitor.arrive(url, embed.embedKey, SITE);
    const { answerId } = await visitor.ask(`What is the return code of ${canary}?`);
    await admin.inWorkspace('POST', '/invitations', { email: `${canary}@example.com`, role: 'viewer' });
    const key = { name: `Program of ${canary}`, scopes: ['documents.read'] };
    await admin.inWorkspace('POST', '/api-keys', key);
    const ids: Record<string, string> = {
      workspaceId: admin.workspaceId,
      documentId: document.id,
      embedId: embed.id,
      userId: colleague.session.user.id,
    };
    for (const [parameter, find] of Object.entries(FOUND_IN_LISTS)) {
      const id = await find(admin);
      if (id !== null) ids[parameter] = id;
    }
    return new Company(canary, admin, colleague, visitor, answerId, ids);
  }

  /** The operation's address with this company's ids, but those given. They are put in as they are. */
  address({ path }: Operation, others: Record<string, string> = {}): string {
    return path.replace(/\{(\w+)\}/g, (_, name: string) => others[name] ?? this.ids[name] ?? `no-example-of-${name}`);
  }

  leave(): void {
    this.visitor.leave();
  }
}

const handbook = (canary: string): Buffer =>
  Buffer.from(`# Returns of ${canary}\n\nThe return code of ${canary} is ${canary}. Parcels go back in thirty days.\n`);

/** Things that others make, or that are made beside something else, found where the product lists them. */
const FOUND_IN_LISTS: Readonly<Record<string, (admin: Admin) => Promise<string | null>>> = {
  conversationId: (admin) => firstIn(admin, '/conversations'),
  invitationId: (admin) => firstIn(admin, '/invitations'),
  apiKeyId: (admin) => firstIn(admin, '/api-keys'),
};

async function firstIn(admin: Admin, path: string): Promise<string | null> {
  const { body } = await admin.inWorkspace<{ items?: { id: string }[] }>('GET', path);
  return body.items?.[0]?.id ?? null;
}
