import { join } from 'node:path';
import { KeyRing } from '@app/crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { DocumentEvents } from './document-events';
import { DocumentChunksController } from './chunks/document-chunks.controller';
import { DocumentChunks } from './chunks/document-chunks.service';
import { DocumentsController } from './documents.controller';
import { DocumentsOptions } from './documents-options';
import { DocumentsService } from './documents.service';
import { ParserProcess } from './parsing/parser-process';
import { BlobSweeper } from './pipeline/blob-sweeper';
import { ChunkEmbedder } from './pipeline/chunk-embedder';
import { IngestionPipeline } from './pipeline/ingestion.pipeline';
import { IngestionQueue } from './pipeline/ingestion-queue';
import { IngestionRecord } from './pipeline/ingestion-record';
import { IngestionRunner } from './pipeline/ingestion.runner';
import { QuarantineController } from './quarantine/quarantine.controller';
import { Quarantine } from './quarantine/quarantine.service';
import { Rescan } from './quarantine/rescan.service';
import { RescanQueue } from './quarantine/rescan-queue';
import { RescanRunner } from './quarantine/rescan.runner';
import { DocumentQuota } from './quota/document-quota';
import { AllScanners } from './scanning/all-scanners';
import { ClamdScanner } from './scanning/clamd-scanner';
import { PatternScanner } from './scanning/pattern-scanner';
import { VirusScanner } from './scanning/virus-scanner';
import { BlobStore } from './storage/blob-store';
import { EncryptedFolderBlobStore } from './storage/encrypted-folder-blob-store';
import { blobFolder } from './storage/sealed-blobs';
import { PageDocuments } from './sources/page-documents';
import { PageIntake } from './sources/page-intake';
import { PageRemoval } from './sources/page-removal';
import { PageVisits } from './sources/page-visits';
import { SourceQueue } from './sources/source-queue';
import { SourceRemoval } from './sources/source-removal.service';
import { SourceReports } from './sources/source-reports.service';
import { SourceReportsController } from './sources/source-reports.controller';
import { SourceRunner } from './sources/source-runner';
import { SourceSync } from './sources/source-sync';
import { SourceWalks } from './sources/source-walks';
import { SourceWatch } from './sources/source-watch';
import { SourcesController } from './sources/sources.controller';
import { SourcesService } from './sources/sources.service';
import { SyncRecord } from './sources/sync-record';
import { SyncStarter } from './sources/sync-starter';
import { WEB_READERS } from './sources/web-readers';
import { Admission } from './upload/admission';
import { DocumentIntake } from './upload/document-intake.service';
import { UploadInterceptor } from './upload/upload.interceptor';
import { VersionRecord } from './upload/version-record';
import { DocumentVersionsController } from './versions/document-versions.controller';
import { DocumentVersions } from './versions/document-versions.service';

/**
 * Needs the global modules of database (with `DOCUMENT_ENTITIES` among its entities), queue, ai, http and audit, and a `Clock`.
 * Another scanner or blob store is one line in `providers`.
 */
@Module({})
export class DocumentsModule {
  static forRoot(options: DocumentsOptions): DynamicModule {
    return {
      module: DocumentsModule,
      controllers: [
        DocumentsController,
        DocumentVersionsController,
        DocumentChunksController,
        QuarantineController,
        SourcesController,
        SourceReportsController,
      ],
      providers: [
        { provide: DocumentsOptions, useValue: options },
        { provide: VirusScanner, useFactory: () => scannerFor(options) },
        { provide: BlobStore, useFactory: () => blobStoreFor(options) },
        { provide: ParserProcess, useFactory: () => parserProcessFor(options) },
        Admission,
        BlobSweeper,
        ChunkEmbedder,
        DocumentChunks,
        DocumentEvents,
        DocumentIntake,
        DocumentQuota,
        DocumentVersions,
        DocumentsService,
        IngestionPipeline,
        IngestionQueue,
        IngestionRecord,
        IngestionRunner,
        PageDocuments,
        PageIntake,
        PageRemoval,
        PageVisits,
        PatternScanner,
        Quarantine,
        Rescan,
        RescanQueue,
        RescanRunner,
        SourceQueue,
        SourceRemoval,
        SourceReports,
        SourceRunner,
        SourceSync,
        SourceWalks,
        SourceWatch,
        SourcesService,
        SyncRecord,
        SyncStarter,
        UploadInterceptor,
        VersionRecord,
        ...WEB_READERS,
      ],
      exports: [DocumentsService],
    };
  }
}

function scannerFor({ config }: DocumentsOptions): VirusScanner {
  const patterns = new PatternScanner();
  return config.clamd ? new AllScanners([patterns, new ClamdScanner(config.clamd)]) : patterns;
}

function blobStoreFor({ dataDir, encryptionKeys }: DocumentsOptions): BlobStore {
  return new EncryptedFolderBlobStore(blobFolder(dataDir), new KeyRing(encryptionKeys));
}

function parserProcessFor({ config, parserEntry }: DocumentsOptions): ParserProcess {
  return new ParserProcess({
    entry: parserEntry ?? join(__dirname, 'parsing/parser-child.js'),
    timeoutSeconds: config.parseTimeoutSeconds,
    maxRssBytes: config.parseMaxRssBytes,
  });
}
