import { join } from 'node:path';
import { KeyRing } from '@app/crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { BULK_CONTROLLERS, BULK_PROVIDERS } from './bulk/bulk-parts';
import { DocumentChunksController } from './chunks/document-chunks.controller';
import { DocumentChunks } from './chunks/document-chunks.service';
import { DocumentEvents } from './document-events';
import { DocumentsOptions } from './documents-options';
import { DocumentsController } from './documents.controller';
import { DocumentsService } from './documents.service';
import { ParserProcess } from './parsing/parser-process';
import { WallsReport } from './parsing/walls-report';
import { BlobSweeper } from './pipeline/blob-sweeper';
import { ChunkEmbedder } from './pipeline/chunk-embedder';
import { IngestionQueue } from './pipeline/ingestion-queue';
import { IngestionRecord } from './pipeline/ingestion-record';
import { IngestionPipeline } from './pipeline/ingestion.pipeline';
import { IngestionRunner } from './pipeline/ingestion.runner';
import { KnowledgePolicyController } from './policy/knowledge-policy.controller';
import { KnowledgePolicy } from './policy/knowledge-policy.service';
import { QUARANTINE_CONTROLLERS, QUARANTINE_PROVIDERS } from './quarantine/quarantine-parts';
import { DocumentQuota } from './quota/document-quota';
import { KnowledgeUsageController } from './quota/knowledge-usage.controller';
import { ReembeddingRunner } from './reembedding/reembedding.runner';
import { AllScanners } from './scanning/all-scanners';
import { ClamdScanner } from './scanning/clamd-scanner';
import { PatternScanner } from './scanning/pattern-scanner';
import { VirusScanner } from './scanning/virus-scanner';
import { SnippetsController } from './snippets/snippets.controller';
import { Snippets } from './snippets/snippets.service';
import { SOURCE_CONTROLLERS, SOURCE_PROVIDERS } from './sources/source-parts';
import { BlobStore } from './storage/blob-store';
import { openBlobStore } from './storage/open-blob-store';
import { TRANSFER_CONTROLLERS, TRANSFER_PROVIDERS } from './transfer/transfer-parts';
import { Admission } from './upload/admission';
import { DocumentIntake } from './upload/document-intake.service';
import { UploadInterceptor } from './upload/upload.interceptor';
import { VersionRecord } from './upload/version-record';
import { DocumentVersionsController } from './versions/document-versions.controller';
import { DocumentVersions } from './versions/document-versions.service';

const CONTROLLERS = [
  DocumentChunksController,
  DocumentVersionsController,
  DocumentsController,
  KnowledgePolicyController,
  KnowledgeUsageController,
  SnippetsController,
  ...BULK_CONTROLLERS,
  ...QUARANTINE_CONTROLLERS,
  ...SOURCE_CONTROLLERS,
  ...TRANSFER_CONTROLLERS,
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
        KnowledgePolicy,
        PatternScanner,
        ReembeddingRunner,
        Snippets,
        UploadInterceptor,
        VersionRecord,
        WallsReport,
        ...BULK_PROVIDERS,
        ...QUARANTINE_PROVIDERS,
        ...SOURCE_PROVIDERS,
        ...TRANSFER_PROVIDERS,
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
