/** The last entry of an export, in its root. An import needs it not, and skips it. */
export const MANIFEST_NAME = 'customercare.json';

/** One document of an export. */
export interface ExportedDocument {
  /** Of its file, in the archive. */
  readonly path: string;
  readonly title: string;
  readonly mediaType: string;
  readonly byteSize: number;
  /** Of its file, in hexadecimal. */
  readonly sha256: string;
}

/** What an export says about itself. A reader may rely on `format` and `version`: another version means another shape. */
export interface Manifest {
  readonly format: 'customercare-knowledge';
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly exportedAt: string;
  readonly documents: readonly ExportedDocument[];
}

export const toManifest = (exportedAt: Date, documents: readonly ExportedDocument[]): Manifest => ({
  format: 'customercare-knowledge',
  version: 1,
  exportedAt: exportedAt.toISOString(),
  documents,
});
