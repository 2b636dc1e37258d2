import { KnowledgeExportController } from './knowledge-export.controller';
import { KnowledgeExport } from './knowledge-export.service';
import { LiveFiles } from './live-files';
import { LiveSnippets } from './live-snippets';

/** Routes of the export, for `DocumentsModule`. */
export const TRANSFER_CONTROLLERS = [KnowledgeExportController];

/** What the export is made of, for `DocumentsModule`. */
export const TRANSFER_PROVIDERS = [KnowledgeExport, LiveFiles, LiveSnippets];
