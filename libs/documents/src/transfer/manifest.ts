/** The last entry of an export, in its root. */
export const MANIFEST_NAME = 'customercare.json';

/** The snippets of an export, in its root: one JSON object a line (`SnippetTexts`), UTF-8. */
export const SNIPPETS_NAME = 'customercare-snippets.ndjson';

/** One document of an export. */
export interface ExportedDocument {
  /** Of its file, in the archive. */
  readonly path: string;
  readonly title: string;
  /** Where it lay in the archive it once came in. */
  readonly folder: string | null;
  /** The web page it was made of. */
  readonly sourceUrl: string | null;
  readonly mediaType: string;
  readonly byteSize: number;
  /** Of its file, in hexadecimal. */
  readonly sha256: string;
}

/**
 * What an export says about itself. A reader may rely on `format` and `version`: another version means another shape. Of
 * one version there may come more fields.
 */
export interface Manifest {
  readonly format: 'customercare-knowledge';
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly exportedAt: string;
  readonly documents: readonly ExportedDocument[];
  /** Lines of `SNIPPETS_NAME`, which is not there when it is 0. */
  readonly snippetCount: number;
}

export const toManifest = (
  exportedAt: Date,
  { documents, snippetCount }: Pick<Manifest, 'documents' | 'snippetCount'>,
): Manifest => ({
  format: 'customercare-knowledge',
  version: 1,
  exportedAt: exportedAt.toISOString(),
  documents,
  snippetCount,
});
