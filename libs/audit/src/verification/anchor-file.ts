import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AnchorSigner, type AuditAnchor, type ReadAnchors } from './audit-anchors';

/**
 * A file of anchors, kept where whoever can write to the database can not: shipped to another machine, or on a medium that
 * only takes additions. Several processes may add to one file.
 */
export class AnchorFile {
  constructor(
    readonly path: string,
    private readonly signer: AnchorSigner,
  ) {}

  /** Nothing when the file is not there yet. */
  async read(): Promise<ReadAnchors> {
    return this.signer.read(await this.text());
  }

  async append(anchors: readonly AuditAnchor[]): Promise<void> {
    if (anchors.length === 0) return;
    const lines = anchors.map((anchor) => this.signer.toLine(anchor)).join('');
    // One write a batch; a line that an earlier process left half written is ended first.
    const text = await this.text();
    const start = text === '' || text.endsWith('\n') ? '' : '\n';
    await mkdir(dirname(this.path), { recursive: true });
    await appendFile(this.path, start + lines, { mode: 0o600 });
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }
}
