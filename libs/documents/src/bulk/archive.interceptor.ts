import { Injectable } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { UploadInterceptor } from '../upload/upload.interceptor';

/** Archives in memory at the same time: at 50 MB each, and twice that while one is put together, about 200 MB. */
const MAX_ARCHIVES = 2;

/** As `UploadInterceptor`, with limits of its own for archives. */
@Injectable()
export class ArchiveInterceptor extends UploadInterceptor {
  // Nest looks for the parameters where the class is declared.
  constructor(options: DocumentsOptions) {
    super(options);
  }

  protected override get maxUploads(): number {
    return MAX_ARCHIVES;
  }

  protected override get maxBytes(): number {
    return this.options.config.maxArchiveBytes;
  }
}
