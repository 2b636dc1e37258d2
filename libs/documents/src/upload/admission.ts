import { Readable } from 'node:stream';
import { AuditLog } from '@app/audit';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { identifyFile, type IncomingFile } from '../formats/file-identifier';
import type { DocumentParser } from '../parsing/document-parser';
import { PARSERS } from '../parsing/parser-list';
import { PatternScanner } from '../scanning/pattern-scanner';

/**
 * What is checked while the sender waits, so that nothing of a refused file is stored: that it is of a kind we read,
 * its structure, active content, and the built-in patterns. Scanning by an engine and parsing come later, in the job.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly scanner: PatternScanner,
    private readonly audit: AuditLog,
  ) {}

  /** @throws AppError with the code the file is refused with; the refusal is in the audit trail */
  async admit(ctx: WorkspaceContext, file: IncomingFile): Promise<DocumentParser> {
    try {
      const parser = await identifyFile(PARSERS, file);
      const { infected } = await this.scanner.scan(Readable.from([file.bytes]));
      if (infected) throw new AppError('document.infected');
      return parser;
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal.error';
      await this.audit.recordAlone(ctx, 'document.refused', { code, byteSize: file.bytes.length });
      throw error;
    }
  }
}
