import { ArchiveInterceptor } from './archive.interceptor';
import { BulkIntake } from './bulk-intake.service';
import { BulkQueue } from './bulk-queue';
import { BulkRecord } from './bulk-record';
import { BulkUnpacker } from './bulk-unpacker';
import { BulkUploadEvents } from './bulk-upload-events';
import { BulkUploadFiles } from './bulk-upload-files.service';
import { BulkUploadsController } from './bulk-uploads.controller';
import { BulkUploads } from './bulk-uploads.service';
import { BulkRunner } from './bulk.runner';
import { LineTaker } from './line-taker.service';

/** Routes of bulk uploads, for `DocumentsModule`. */
export const BULK_CONTROLLERS = [BulkUploadsController];

/** What bulk uploads are made of, for `DocumentsModule`. */
export const BULK_PROVIDERS = [
  ArchiveInterceptor,
  BulkIntake,
  BulkQueue,
  BulkRecord,
  BulkRunner,
  BulkUnpacker,
  BulkUploadEvents,
  BulkUploadFiles,
  BulkUploads,
  LineTaker,
];
