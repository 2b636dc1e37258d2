import { sha256 } from '@app/crypto';
import { validateDto } from '@app/http';
import { AppError, type ErrorCode, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { inflateEntry } from '../formats/zip-container';
import { CreateSnippetDto } from '../snippets/snippets.dto';
import { Snippets } from '../snippets/snippets.service';
import { parseObject } from '../transfer/read-transfer';
import type { SnippetLines } from '../transfer/snippet-lines';
import { DocumentIntake, type IntakeOptions } from '../upload/document-intake.service';
import type { ArchiveDirectory } from './archive-listing';
import { BulkRecord } from './bulk-record';
import type { FileDecision, WaitingFile } from './bulk-upload-file';

/** An archive that is being unpacked. */
export interface OpenedArchive {
  readonly bulkUploadId: string;
  readonly directory: ArchiveDirectory;
  /** Null when there are no snippets. */
  readonly snippetLines: SnippetLines | null;
}

/** Makes of one line of an archive what it is: a file becomes a document, a line of snippets a snippet. */
@Injectable()
export class LineTaker {
  constructor(
    private readonly record: BulkRecord,
    private readonly intake: DocumentIntake,
    private readonly snippets: Snippets,
    private readonly options: DocumentsOptions,
  ) {}

  /** Lines are given in their order. Rejects when it could not be decided on. */
  async take(ctx: WorkspaceContext, archive: OpenedArchive, line: WaitingFile): Promise<FileDecision> {
    try {
      await (line.kind === 'snippet' ? this.takeSnippet(ctx, archive, line) : this.takeFile(ctx, archive, line));
      return accepted(line.id);
    } catch (error) {
      return decisionOf(error, line);
    }
  }

  private async takeFile(ctx: WorkspaceContext, archive: OpenedArchive, file: WaitingFile): Promise<void> {
    const bytes = await this.bytesOf(file, archive.directory);
    await this.intake.take(
      ctx,
      { fileName: file.path, mediaType: '', bytes },
      { ...originOf(file, archive.directory, bytes), ...this.idOf(ctx, archive, file) },
    );
  }

  private async takeSnippet(ctx: WorkspaceContext, archive: OpenedArchive, line: WaitingFile): Promise<void> {
    const json = await archive.snippetLines?.at(line.ordinal - archive.directory.entries.length);
    if (!json) throw new AppError('bulk-upload.manifest-invalid');
    const input = await validateDto(CreateSnippetDto, parseObject(json));
    await this.snippets.import(ctx, input, this.idOf(ctx, archive, line));
  }

  private idOf(ctx: WorkspaceContext, { bulkUploadId }: OpenedArchive, { id }: WaitingFile) {
    const alongside: IntakeOptions['alongside'] = (tx) => this.record.accept(tx, ctx, { bulkUploadId, fileId: id });
    return { newDocumentId: id, alongside };
  }

  private bytesOf({ ordinal }: WaitingFile, { zip, entries }: ArchiveDirectory): Promise<Buffer> {
    const entry = entries[ordinal];
    if (!entry) throw new AppError('document.corrupt');
    const { maxFileBytes } = this.options.config;
    if (entry.uncompressedSize > maxFileBytes) throw new AppError('document.too-large');
    return inflateEntry(zip, entry, maxFileBytes);
  }
}

export const refused = (errorCode: ErrorCode): FileDecision => ({ outcome: 'refused', errorCode, documentId: null });
const accepted = (documentId: string): FileDecision => ({ outcome: 'accepted', errorCode: null, documentId });

/** @throws what it is given, when that says nothing about the line */
function decisionOf(error: unknown, { id, kind }: WaitingFile): FileDecision {
  if (!(error instanceof AppError)) throw error;
  const { code, options } = error;
  if (code === 'request.invalid' && kind === 'snippet') return refused('snippet.invalid');
  if (!/^(?:document|snippet|bulk-upload)\./.test(code)) throw error;
  if (code !== 'document.duplicate' && code !== 'snippet.duplicate') return refused(code);
  const { existingId = null } = options;
  // Another worker at the same archive took it.
  if (existingId === id) return accepted(id);
  return { outcome: 'duplicate', errorCode: code, documentId: existingId };
}

/** What an export says of a file counts when it means just these bytes; of others, the folder they lie in. */
function originOf({ path }: WaitingFile, { transfer }: ArchiveDirectory, bytes: Buffer): Partial<IntakeOptions> {
  const found = transfer?.documents.get(path);
  if (found?.sha256 !== sha256(bytes).toString('hex')) return { folder: folderOf(path) };
  const { title, folder, sourceUrl } = found;
  return { title, folder, sourceUrl };
}

/** Null for what lies in none. */
const folderOf = (path: string): string | null => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || null;
