import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SystemDb } from '@app/database';
import { DocumentsService, isFinished } from '@app/documents';
import { type Embed, EmbedsService } from '@app/embeds';
import { AppError, MAX_PAGE_SIZE, type WorkspaceContext } from '@app/kernel';
import { RegistrationService } from '@app/workspaces';
import { Injectable } from '@nestjs/common';
import { type FirstAdmin, FirstAdminFile, firstPassword } from './first-admin';

/** The checkout, seen from the compiled file. */
const PROJECT = join(__dirname, '..', '..', '..', '..', '..');
const POLL_MS = 200;

export interface DemoOptions {
  dataDir: string;
  demoPort: number;
  /** Whether this process reads the documents itself; nobody waits for a worker that may not run. */
  hasInlineWorker: boolean;
  /** Progress for the person who waits. */
  tell: (line: string) => void;
}

/**
 * The workspace of the first start, whose knowledge is this product's own documentation. Every step can be repeated: a
 * start that was interrupted goes on where it ended.
 */
@Injectable()
export class DemoWorkspace {
  constructor(
    private readonly registration: RegistrationService,
    private readonly embeds: EmbedsService,
    private readonly documents: DocumentsService,
    private readonly system: SystemDb,
  ) {}

  async prepare({ dataDir, demoPort, hasInlineWorker, tell }: DemoOptions): Promise<FirstAdmin> {
    const file = new FirstAdminFile(dataDir);
    const known = file.read();
    let admin = known && (await this.isThere(known)) ? known : await this.register();
    file.write(admin);
    const ctx: WorkspaceContext = { workspaceId: admin.workspaceId, actor: { type: 'user', id: admin.userId } };
    admin = { ...admin, embed: await this.allowDemoPage(ctx, admin.embed, demoPort) };
    file.write(admin);
    const uploaded = await this.uploadDocuments(ctx);
    if (hasInlineWorker) await this.awaitDocuments(ctx, uploaded, tell);
    else if (uploaded.length > 0) tell('A worker will read the demo documents: npm run start:worker');
    return admin;
  }

  /** The data folder may be older than the database it is used with now. */
  private async isThere({ userId, workspaceId }: FirstAdmin): Promise<boolean> {
    const own = await this.system.listUserWorkspaces(userId);
    return own.some((workspace) => workspace.workspaceId === workspaceId);
  }

  private async register(): Promise<FirstAdmin> {
    const password = firstPassword();
    const register = (email: string) =>
      this.registration.register({ email, password, name: 'First admin', workspaceName: 'Demo' });
    let email = 'admin@example.com';
    const registered = await register(email).catch((error: unknown) => {
      // The database was in use before this data folder was.
      if (!(error instanceof AppError && error.code === 'auth.email-taken')) throw error;
      email = `admin-${Date.now()}@example.com`;
      return register(email);
    });
    return { email, password, userId: registered.account.id, workspaceId: registered.workspace.id, embed: null };
  }

  private async allowDemoPage(ctx: WorkspaceContext, embed: FirstAdmin['embed'], demoPort: number) {
    const allowedOrigins = [`http://localhost:${demoPort}`, `http://127.0.0.1:${demoPort}`];
    const current = embed && (await this.findEmbed(ctx, embed.id));
    if (!current) {
      const created = await this.embeds.create(ctx, {
        name: 'Demo page',
        allowedOrigins,
        title: 'Ask about CustomerCare',
        greeting: 'Hello! Ask me anything about CustomerCare.',
        starterQuestions: [
          'How do I upload a document?',
          'How do I allow another origin?',
          'Which file types can I upload?',
        ],
      });
      return { id: created.embed.id, key: created.embedKey };
    }
    if (current.allowedOrigins.join() !== allowedOrigins.join()) {
      await this.embeds.update(ctx, current.id, { allowedOrigins });
    }
    return embed;
  }

  /** Null when somebody deleted it. */
  private async findEmbed(ctx: WorkspaceContext, id: string): Promise<Embed | null> {
    try {
      return await this.embeds.get(ctx, id);
    } catch (error) {
      if (error instanceof AppError && error.code === 'embed.not-found') return null;
      throw error;
    }
  }

  private async uploadDocuments(ctx: WorkspaceContext): Promise<string[]> {
    const uploaded: string[] = [];
    for (const path of productDocs()) {
      const document = await this.upload(ctx, path);
      if (!document) continue;
      uploaded.push(document);
      await this.removeOlder(ctx, basename(path), document);
    }
    return uploaded;
  }

  /** A page that changed with an update replaces the one it was. */
  private async removeOlder(ctx: WorkspaceContext, fileName: string, newest: string): Promise<void> {
    const { items } = await this.documents.list(ctx, { limit: MAX_PAGE_SIZE });
    for (const { id } of items.filter((each) => each.newest.fileName === fileName && each.id !== newest)) {
      await this.documents.remove(ctx, id);
    }
  }

  private async awaitDocuments(ctx: WorkspaceContext, ids: string[], tell: DemoOptions['tell']): Promise<void> {
    for (const [index, id] of ids.entries()) {
      tell(`Reading the demo documents: ${index + 1} of ${ids.length}`);
      await this.processed(ctx, id);
    }
  }

  /** The new document's id, or null when the same bytes are already there. */
  private async upload(ctx: WorkspaceContext, path: string): Promise<string | null> {
    try {
      const file = { fileName: basename(path), mediaType: 'text/markdown', bytes: readFileSync(path) };
      return (await this.documents.upload(ctx, file)).document.id;
    } catch (error) {
      if (error instanceof AppError && error.code === 'document.duplicate') return null;
      throw error;
    }
  }

  private async processed(ctx: WorkspaceContext, id: string): Promise<void> {
    for (;;) {
      const { newest } = await this.documents.get(ctx, id);
      if (isFinished(newest)) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** The README and the pages of docs/; decisions and reports are for developers. */
function productDocs(): string[] {
  const pages = readdirSync(join(PROJECT, 'docs')).filter((name) => name.endsWith('.md'));
  return [join(PROJECT, 'README.md'), ...pages.map((name) => join(PROJECT, 'docs', name))];
}
