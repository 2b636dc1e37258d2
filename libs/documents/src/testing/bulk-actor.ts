import type { WorkspaceContext } from '@app/kernel';
import type { BulkUploadFileView, BulkUploadView } from '../bulk/bulk-uploads.dto';
import type { DocumentsApp } from './documents-app';

/** Somebody who sends archives over the front door. */
export class BulkActor {
  constructor(
    private readonly harness: DocumentsApp,
    readonly ctx: WorkspaceContext,
  ) {}

  static async arrive(harness: DocumentsApp): Promise<BulkActor> {
    return new BulkActor(harness, await harness.addWorkspace());
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.harness.url}/v1/workspaces/${this.ctx.workspaceId}${path}`, init);
  }

  send(zip: Buffer, fileName = 'help.zip'): Promise<Response> {
    const body = new FormData();
    body.append('file', new Blob([new Uint8Array(zip)]), fileName);
    return this.fetch('/bulk-uploads', { method: 'POST', body });
  }

  /** Sends and unpacks. */
  async upload(zip: Buffer): Promise<BulkUploadView> {
    const answer = await this.send(zip);
    if (answer.status !== 202) throw new Error(await answer.text());
    const { id } = (await answer.json()) as BulkUploadView; // what the route answers with
    await this.harness.queue.whenIdle();
    return this.view(id);
  }

  async view(id: string): Promise<BulkUploadView> {
    return (await (await this.fetch(`/bulk-uploads/${id}`)).json()) as BulkUploadView; // what the route answers with
  }

  async files(id: string, query = ''): Promise<BulkUploadFileView[]> {
    const answer = await this.fetch(`/bulk-uploads/${id}/files${query}`);
    return ((await answer.json()) as { items: BulkUploadFileView[] }).items; // what the route answers with
  }
}
