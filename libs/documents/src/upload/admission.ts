import { Readable } from 'node:stream';
import { AuditLog } from '@app/audit';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { identifyFile, type IncomingFile } from '../formats/file-identifier';
import type { DocumentParser } from '../parsing/document-parser';
import { PARSERS } from '../parsing/parser-list';
import { DocumentsOptions } from '../documents-options';
import { EXECUTABLE, PatternScanner } from '../scanning/pattern-scanner';

/**
 * What is checked while the sender waits, so that nothing of a refused file is stored: that it is of a kind we read,
 * its structure, active content, and the built-in patterns. Scanning by an engine and parsing come later, in the job.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly scanner: PatternScanner,
    private readonly audit: AuditLog,
    private readonly options: DocumentsOptions,
  ) {}

  /** @throws AppError with the code the file is refused with; the refusal is in the audit trail */
  async admit(ctx: WorkspaceContext, file: IncomingFile): Promise<DocumentParser> {
    try {
      const parser = await identifyFile(PARSERS, file);
      await this.refuseMalware(file);
      return parser;
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal.error';
      await this.audit.recordAlone(ctx, 'document.refused', { code, byteSize: file.bytes.length });
      throw error;
    }
  }

  /** Programs never get in. Signatures are left to the job when it has an engine to ask: then a person may decide. */
  private async refuseMalware({ bytes }: IncomingFile): Promise<void> {
    const { infected, signature } = await this.scanner.scan(Readable.from([bytes]));
    if (infected && (signature === EXECUTABLE || !this.options.config.clamd)) throw new AppError('document.infected');
  }
}
