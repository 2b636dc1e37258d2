import { BulkUpload } from './bulk/bulk-upload.entity';
import { Document } from './document.entity';
import { Snippet } from './snippets/snippet.entity';
import { SOURCE_ENTITIES } from './sources/source-entities';
import { DocumentVersion } from './versions/document-version.entity';

export { DocumentsModule } from './documents.module';
export { DocumentsOptions } from './documents-options';
export { DocumentsService } from './documents.service';
export type { DocumentFormat } from './formats/document-format';
export type { IncomingFile } from './formats/file-identifier';
export { DocumentParser } from './parsing/document-parser';
export type { ParsedDocument, ParsedSection } from './parsing/parsed-document';
export { type ScanVerdict, VirusScanner } from './scanning/virus-scanner';
export type { BlobKey } from './storage/blob-key';
export { BlobStore } from './storage/blob-store';
export { sealedBlobStores } from './storage/open-blob-store';
export { isFinished } from './versions/document-version.entity';
export type { DocumentState } from './versions/find-document';

/** For `DatabaseModule.forRoot({ entities })`. */
export const DOCUMENT_ENTITIES = [Document, DocumentVersion, Snippet, BulkUpload, ...SOURCE_ENTITIES];
