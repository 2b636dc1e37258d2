import type { EncryptionKey } from '@app/crypto';
import type { AppConfig, DocumentsConfig } from '@app/config';

/** What this lib is told at start. */
export abstract class DocumentsOptions {
  abstract readonly config: DocumentsConfig;
  /** Folder for everything that must survive a restart; files live in `blobs` in it. */
  abstract readonly dataDir: string;
  /** At least one; the first encrypts, all decrypt. The keys of the files are derived from them. */
  abstract readonly encryptionKeys: readonly EncryptionKey[];
  /** Whether this process works on the queue. */
  abstract readonly hasWorker: boolean;
  /** Whether this process serves the routes, which need the global http module. Default: true. */
  abstract readonly hasRoutes?: boolean;
  /** Where pages of the web may be read from, and whom their sites may ask about it. */
  abstract readonly web: Pick<AppConfig, 'environment' | 'webFetch'> & { readonly contactUrl: string | null };
  /** The compiled `parsing/parser-child.js`, when it does not lie beside the compiled module (tests). */
  abstract readonly parserEntry?: string;
}
