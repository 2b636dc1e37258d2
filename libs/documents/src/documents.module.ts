import { join } from 'node:path';
import { KeyRing } from '@app/crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { ArchiveInterceptor } from './bulk/archive.interceptor';
import { BulkIntake } from './bulk/bulk-intake.service';
import { BulkQueue } from './bulk/bulk-queue';
import { BulkRecord } from './bulk/bulk-record';
import { BulkRunner } from './bulk/bulk.runner';
import { BulkUnpacker } from './bulk/bulk-unpacker';
import { BulkUploadEvents } from './bulk/bulk-upload-events';
import { BulkUploadFiles } from './bulk/bulk-upload-files.service';
import { BulkUploadsController } from './bulk/bulk-uploads.controller';
import { BulkUploads } from './bulk/bulk-uploads.service';
import { DocumentEvents } from './document-events';
import { DocumentChunksController } from './chunks/document-chunks.controller';
import { DocumentChunks } from './chunks/document-chunks.service';
import { DocumentsController } from './documents.controller';
import { DocumentsOptions } from './documents-options';
import { DocumentsService } from './documents.service';
import { ParserProcess } from './parsing/parser-process';
import { WallsReport } from './parsing/walls-report';
import { BlobSweeper } from './pipeline/blob-sweeper';
import { ChunkEmbedder } from './pipeline/chunk-embedder';
import { IngestionPipeline } from './pipeline/ingestion.pipeline';
import { IngestionQueue } from './pipeline/ingestion-queue';
import { IngestionRecord } from './pipeline/ingestion-record';
import { IngestionRunner } from './pipeline/ingestion.runner';
import { KnowledgePolicyController } from './policy/knowledge-policy.controller';
import { KnowledgePolicy } from './policy/knowledge-policy.service';
import { QuarantineController } from './quarantine/quarantine.controller';
import { Quarantine } from './quarantine/quarantine.service';
import { Rescan } from './quarantine/rescan.service';
import { RescanQueue } from './quarantine/rescan-queue';
import { RescanRunner } from './quarantine/rescan.runner';
import { DocumentQuota } from './quota/document-quota';
import { KnowledgeUsageController } from './quota/knowledge-usage.controller';
import { ReembeddingRunner } from './reembedding/reembedding.runner';
import { AllScanners } from './scanning/all-scanners';
import { ClamdScanner } from './scanning/clamd-scanner';
import { PatternScanner } from './scanning/pattern-scanner';
import { VirusScanner } from './scanning/virus-scanner';
import { SnippetsController } from './snippets/snippets.controller';
import { Snippets } from './snippets/snippets.service';
import { BlobStore } from './storage/blob-store';
import { openBlobStore } from './storage/open-blob-store';
import { KnowledgeExportController } from './transfer/knowledge-export.controller';
import { KnowledgeExport } from './transfer/knowledge-export.service';
import { LiveFiles } from './transfer/live-files';
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

const CONTROLLERS = [
  DocumentsController,
  DocumentVersionsController,
  DocumentChunksController,
  QuarantineController,
  KnowledgePolicyController,
  KnowledgeUsageController,
  SnippetsController,
  BulkUploadsController,
  KnowledgeExportController,
  SourcesController,
  SourceReportsController,
];

/**
 * Needs the global modules of database (with `DOCUMENT_ENTITIES` among its entities), queue, ai, http and audit, and a `Clock`.
 * Another scanner or blob store is one line in `providers`.
 */
@Module({})
export class DocumentsModule {
  static forRoot(options: DocumentsOptions): DynamicModule {
    return {
      module: DocumentsModule,
      controllers: (options.hasRoutes ?? true) ? CONTROLLERS : [],
      providers: [
        { provide: DocumentsOptions, useValue: options },
        { provide: VirusScanner, useFactory: () => scannerFor(options) },
        { provide: BlobStore, useFactory: () => blobStoreFor(options) },
        { provide: ParserProcess, useFactory: () => parserProcessFor(options) },
        Admission,
        ArchiveInterceptor,
        BlobSweeper,
        BulkIntake,
        BulkQueue,
        BulkRecord,
        BulkRunner,
        BulkUnpacker,
        BulkUploadEvents,
        BulkUploadFiles,
        BulkUploads,
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
        KnowledgePolicy,
        KnowledgeExport,
        LiveFiles,
        PageDocuments,
        PageIntake,
        PageRemoval,
        PageVisits,
        PatternScanner,
        Quarantine,
        ReembeddingRunner,
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
        ...WEB_READERS,
        Snippets,
        UploadInterceptor,
        VersionRecord,
        WallsReport,
      ],
      exports: [DocumentsService],
    };
  }
}

function scannerFor({ config }: DocumentsOptions): VirusScanner {
  const patterns = new PatternScanner();
  return config.clamd ? new AllScanners([patterns, new ClamdScanner(config.clamd)]) : patterns;
}

function blobStoreFor({ config, dataDir, encryptionKeys }: DocumentsOptions): Promise<BlobStore> {
  return openBlobStore(config.s3, dataDir, new KeyRing(encryptionKeys));
}

function parserProcessFor({ config, parserEntry }: DocumentsOptions): ParserProcess {
  return new ParserProcess({
    entry: parserEntry ?? join(__dirname, 'parsing/parser-child.js'),
    timeoutSeconds: config.parseTimeoutSeconds,
    maxRssBytes: config.parseMaxRssBytes,
  });
}
