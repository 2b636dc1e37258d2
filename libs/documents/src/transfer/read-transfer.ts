import { setImmediate } from 'node:timers/promises';
import { validateDto } from '@app/http';
import { AppError } from '@app/kernel';
import { judgeUrl } from '@app/web-fetch';
import type { Entry } from 'yauzl';
import { cleanPath } from '../formats/file-name';
import { inflateEntry, type ZipDirectory } from '../formats/zip-container';
import { pathOf } from '../formats/zip-entry';
import { oneLine } from '../parsing/section-builder';
import { MAX_SNIPPETS } from '../snippets/snippets.service';
import { ImportedDocumentDto } from './imported-document.dto';
import { MANIFEST_NAME, SNIPPETS_NAME } from './manifest';
import { readLines } from './snippet-lines';

/** Two thousand documents with the longest of everything. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
/** More than a bulk upload may hold of files. */
const MAX_DOCUMENTS = 10_000;

/** Checked before other work gets its turn: a few milliseconds. */
const DOCUMENTS_A_TURN = 100;

/** What an archive says of one of its files. It counts for a file of just these bytes. */
interface ImportedDocument {
  /** On one line; null when nothing of it can be seen. */
  readonly title: string | null;
  readonly folder: string | null;
  /** Of the public web, without a fragment. */
  readonly sourceUrl: string | null;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What an export says about itself, checked. */
export interface Transfer {
  /** By the path of the file, cleaned. */
  readonly documents: ReadonlyMap<string, ImportedDocument>;
  /** Null when there are no snippets. */
  readonly snippets: { readonly entry: Entry; readonly count: number } | null;
}

/**
 * Null for an archive that is no export. Every line of the snippets is looked at, whether it is JSON; what is in it is
 * checked when its turn comes.
 * @param isSpoilt whether the entry at that place must not be read
 * @throws AppError `bulk-upload.manifest-invalid` when any part of it is not as an export writes it
 */
export async function readTransfer(
  directory: ZipDirectory,
  isSpoilt: (ordinal: number) => boolean,
): Promise<Transfer | null> {
  const ordinal = placeOf(directory, MANIFEST_NAME);
  if (ordinal < 0) return null;
  try {
    const snippetsAt = placeOf(directory, SNIPPETS_NAME);
    if (isSpoilt(ordinal) || (snippetsAt >= 0 && isSpoilt(snippetsAt))) throw new Error('An entry cannot be read');
    const { documents, snippetCount } = await readManifest(directory, ordinal);
    const entry = directory.entries[snippetsAt];
    const count = entry ? await countLines(directory, entry) : 0;
    if (count !== snippetCount) throw new Error('It is not complete');
    return { documents, snippets: entry && count > 0 ? { entry, count } : null };
  } catch (cause) {
    throw new AppError('bulk-upload.manifest-invalid', { cause });
  }
}

/** -1 when it is not there. */
const placeOf = ({ entries }: ZipDirectory, name: string): number =>
  entries.findIndex((entry) => pathOf(entry) === name);

async function readManifest(
  { zip, entries }: ZipDirectory,
  ordinal: number,
): Promise<{ documents: Map<string, ImportedDocument>; snippetCount: number }> {
  const entry = entries[ordinal];
  if (!entry || entry.uncompressedSize > MAX_MANIFEST_BYTES) throw new Error('The manifest is too large');
  const {
    format,
    version,
    documents,
    snippetCount = 0,
  } = parseObject(await inflateEntry(zip, entry, MAX_MANIFEST_BYTES));
  if (format !== 'customercare-knowledge' || version !== 1) throw new Error('The manifest has another format');
  if (!Array.isArray(documents) || documents.length > MAX_DOCUMENTS) throw new Error('Its documents are no list');
  if (typeof snippetCount !== 'number') throw new Error('Its number of snippets is none');
  const byPath = new Map<string, ImportedDocument>();
  for (const [i, document] of (documents as readonly unknown[]).entries()) {
    byPath.set(...(await toDocument(document)));
    if (i % DOCUMENTS_A_TURN === DOCUMENTS_A_TURN - 1) await setImmediate();
  }
  return { documents: byPath, snippetCount };
}

async function toDocument(value: unknown): Promise<[string, ImportedDocument]> {
  const { path, title, folder, sourceUrl, sha256 } = asObject(value);
  const input = await validateDto(ImportedDocumentDto, { path, title, folder, sourceUrl, sha256 });
  const document = {
    title: oneLine(input.title) || null,
    folder: cleanPath(input.folder ?? '', 500) || null,
    sourceUrl: publicAddress(input.sourceUrl ?? ''),
    sha256: input.sha256,
  };
  return [cleanPath(input.path, 500), document];
}

/** As a web source would have it; null for what no visitor can reach. */
function publicAddress(address: string): string | null {
  try {
    return judgeUrl(address).href;
  } catch {
    return null;
  }
}

async function countLines({ zip }: ZipDirectory, entry: Entry): Promise<number> {
  let count = 0;
  for await (const line of readLines(zip, entry)) {
    parseObject(line);
    count += 1;
    if (count > MAX_SNIPPETS) throw new Error('It holds more snippets than a workspace may');
  }
  return count;
}

/** @throws Error for everything else */
export function parseObject(json: Buffer): Record<string, unknown> {
  return asObject(JSON.parse(json.toString('utf8')));
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('This is no object');
  return { ...value };
}
