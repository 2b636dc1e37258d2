import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailbox, tokenIn } from './mailbox';
import { until } from './until';

export interface DocumentView {
  id: string;
  title: string;
  /** The newest. */
  version: number;
  liveVersion: number | null;
  status: string;
  errorCode: string | null;
  findings: { kind: string; rule: string }[];
  chunkCount: number;
  pageCount: number | null;
  progress: { done: number; total: number };
}

export interface BulkUploadView {
  id: string;
  status: string;
  isDone: boolean;
  files: Record<'total' | 'waiting' | 'accepted' | 'duplicate' | 'refused' | 'cancelled' | 'skipped', number>;
  snippets: Record<'total' | 'waiting' | 'accepted' | 'duplicate' | 'refused' | 'cancelled', number>;
  documents: Record<'indexed' | 'failed' | 'quarantined' | 'inProgress' | 'deleted', number>;
}

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface SignedUp {
  user: { id: string };
  workspace: { id: string };
  accessToken: string;
  refreshToken: string;
}

/** An admin at the REST api, signed in to a workspace of their own. */
export class Admin {
  private constructor(
    readonly url: string,
    readonly email: string,
    readonly password: string,
    readonly session: SignedUp,
  ) {}

  static async register(url: string, workspaceName = 'Acme'): Promise<Admin> {
    const email = `${randomUUID()}@example.com`;
    const password = 'Violet-harbour-42-lantern';
    const asked = await call(url, 'POST', '/v1/auth/register', {
      body: { email, password, name: 'Ada Admin', workspaceName },
    });
    if (asked.status !== 202) throw new Error(`register: ${asked.status} ${JSON.stringify(asked.body)}`);
    return new Admin(url, email, password, await Admin.confirm(url, email));
  }

  /** Follows the link in the mail. */
  static async confirm(url: string, email: string): Promise<SignedUp> {
    const token = tokenIn(await mailbox.waitFor(email, /^Confirm/));
    const answer = await call<SignedUp>(url, 'POST', '/v1/auth/registrations/confirm', {
      body: { token, refreshTokenIn: 'body' },
    });
    if (answer.status !== 201) throw new Error(`confirm: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The admin that the first start made, signed in with what it printed. */
  static async first({ url, dataDir }: { url: string; dataDir: string }): Promise<Admin> {
    // Written by the product at its first start.
    const made = JSON.parse(readFileSync(join(dataDir, 'first-admin.json'), 'utf8')) as Record<string, string>;
    const { email = '', password = '', userId = '', workspaceId = '' } = made;
    const answer = await call<SignedUp>(url, 'POST', '/v1/auth/login', {
      body: { email, password, refreshTokenIn: 'body' },
    });
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`);
    return new Admin(url, email, password, { ...answer.body, user: { id: userId }, workspace: { id: workspaceId } });
  }

  get workspaceId(): string {
    return this.session.workspace.id;
  }

  call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return call<T>(this.url, method, path, { body, token: this.session.accessToken });
  }

  /** Below this admin's own workspace. */
  inWorkspace<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return this.call<T>(method, `/v1/workspaces/${this.workspaceId}${path}`, body);
  }

  upload<T = DocumentView>(fileName: string, bytes: Buffer, mediaType?: string): Promise<Answer<T>> {
    return this.sendFile<T>('/documents', { fileName, bytes, mediaType });
  }

  /** A new version of a document. */
  uploadVersion<T = DocumentView>(documentId: string, fileName: string, bytes: Buffer): Promise<Answer<T>> {
    return this.sendFile<T>(`/documents/${documentId}/versions`, { fileName, bytes });
  }

  /** One ZIP of many files. */
  uploadArchive(zip: Buffer): Promise<Answer<BulkUploadView>> {
    return this.sendFile('/bulk-uploads', { fileName: 'help.zip', bytes: zip, mediaType: 'application/zip' });
  }

  async bulkUpload(id: string): Promise<BulkUploadView> {
    return (await this.inWorkspace<BulkUploadView>('GET', `/bulk-uploads/${id}`)).body;
  }

  /** One file as a form, below this admin's own workspace. */
  async sendFile<T>(
    path: string,
    {
      fileName,
      bytes,
      mediaType = 'application/octet-stream',
    }: { fileName: string; bytes: Buffer; mediaType?: string },
  ): Promise<Answer<T>> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)], { type: mediaType }), fileName);
    const response = await fetch(`${this.url}/v1/workspaces/${this.workspaceId}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.session.accessToken}` },
      body: form,
    });
    return toAnswer<T>(response);
  }

  /** The views of an event stream, once it has ended or the api has gone. */
  async followed<View>(path: string): Promise<View[]> {
    const address = `${this.url}/v1/workspaces/${this.workspaceId}${path}/events`;
    const stream = await fetch(address, { headers: { authorization: `Bearer ${this.session.accessToken}` } });
    const text = await stream.text();
    // Each is a view as the route documents it; the asserts look at what it says.
    return [...text.matchAll(/data: (\{"id".*\})/g)].map(([, data = '']) => JSON.parse(data) as View);
  }

  async document(id: string): Promise<DocumentView> {
    return (await this.inWorkspace<DocumentView>('GET', `/documents/${id}`)).body;
  }

  /** Waits until processing has ended, well or badly. */
  async processed(id: string, seconds = 90): Promise<DocumentView> {
    let view = await this.document(id);
    await until(
      async () => {
        view = await this.document(id);
        return ['indexed', 'quarantined', 'failed'].includes(view.status);
      },
      seconds,
      () => `document ${id} (${view.status}, ${view.progress.done} of ${view.progress.total})`,
    );
    return view;
  }

  async uploadAndIndex(fileName: string, bytes: Buffer, mediaType?: string, seconds?: number): Promise<DocumentView> {
    const answer = await this.upload(fileName, bytes, mediaType);
    if (answer.status !== 202) throw new Error(`upload: ${answer.status} ${JSON.stringify(answer.body)}`);
    const view = await this.processed(answer.body.id, seconds);
    if (view.status !== 'indexed') throw new Error(`${fileName}: ${view.status} ${view.errorCode}`);
    return view;
  }

  /** Invites somebody with an account, who accepts. */
  async addMember(other: Admin, role: string): Promise<void> {
    const invited = await this.inWorkspace('POST', '/invitations', { email: other.email, role });
    if (invited.status !== 201) throw new Error(`invite: ${invited.status} ${JSON.stringify(invited.body)}`);
    const token = tokenIn(await mailbox.waitFor(other.email, /invited/));
    const accepted = await other.call('POST', '/v1/invitations/accept', { token });
    if (accepted.status !== 200) throw new Error(`accept: ${accepted.status} ${JSON.stringify(accepted.body)}`);
  }

  async createEmbed(
    allowedOrigins: string[],
    name = 'Help page',
  ): Promise<{ id: string; embedKey: string; snippet: string }> {
    const answer = await this.inWorkspace<{ embed: { id: string }; embedKey: string; snippet: string }>(
      'POST',
      '/embeds',
      {
        name,
        allowedOrigins,
      },
    );
    if (answer.status !== 201) throw new Error(`embed: ${answer.status} ${JSON.stringify(answer.body)}`);
    return { id: answer.body.embed.id, embedKey: answer.body.embedKey, snippet: answer.body.snippet };
  }
}

export async function call<T = unknown>(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  return toAnswer<T>(response);
}

async function toAnswer<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  // The caller names the shape it expects of this endpoint; assertions follow in the story.
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
