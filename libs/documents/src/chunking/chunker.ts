import { setImmediate } from 'node:timers/promises';
import { detectLanguage } from '@app/ai';
import { sha256 } from '@app/crypto';
import { v5 } from 'uuid';
import type { ParsedDocument } from '../parsing/parsed-document';
import { mergeSmall } from './merge-small';
import { packSection, type Piece } from './pack-section';

/** Where a chunk belongs. */
export interface ChunkOrigin {
  readonly workspaceId: string;
  readonly documentId: string;
  readonly version: number;
}

export interface Chunk {
  readonly id: string;
  /** 0-based, in reading order. */
  readonly ordinal: number;
  readonly headingPath: readonly string[];
  readonly page?: number;
  /** ISO 639-1, when it could be told. */
  readonly language?: string;
  readonly text: string;
}

/** Characters below which n-grams guess: the document's own language is the better answer. */
const MIN_TELLING_CHARS = 60;
/** Characters chunked before other work gets its turn: some milliseconds. */
const TURN_CHARS = 20_000;

/**
 * Cuts a parsed document into passages. Deterministic: the same document gives the same chunks with the same ids, so
 * that a rerun after a crash adds nothing twice. Hidden sections give none.
 */
export async function chunkDocument(origin: ChunkOrigin, document: ParsedDocument): Promise<Chunk[]> {
  const pieces = mergeSmall(await pack(document));
  const main = await detectLanguage(pieces.map(({ text }) => text).join('\n'));
  const chunks: Chunk[] = [];
  for (const [ordinal, { headingPath, page, text }] of pieces.entries()) {
    const own = text.length < MIN_TELLING_CHARS ? main : await detectLanguage(text);
    chunks.push({
      id: chunkId(origin, ordinal, text),
      ordinal,
      headingPath,
      page,
      language: own ?? main ?? undefined,
      text,
    });
  }
  return chunks;
}

async function pack({ sections }: ParsedDocument): Promise<Piece[]> {
  const pieces: Piece[] = [];
  let chars = 0;
  for (const section of sections.filter(({ isHidden }) => !isHidden)) {
    for (const text of slabs(section.text)) {
      pieces.push(...packSection({ ...section, text }));
      chars += text.length;
      if (chars < TURN_CHARS) continue;
      chars = 0;
      await setImmediate();
    }
  }
  return pieces.filter(({ tokens }) => tokens > 0);
}

/** A whole book in one section is cut before paragraphs, or between words where it has none. */
function slabs(text: string): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > TURN_CHARS) {
    const breaks = [rest.lastIndexOf('\n\n', TURN_CHARS), rest.lastIndexOf(' ', TURN_CHARS)];
    const end = breaks.find((position) => position > 0) ?? TURN_CHARS;
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...found, rest];
}

/** UUID v5 (RFC 9562): a name, hashed inside the workspace's own namespace. */
function chunkId({ workspaceId, documentId, version }: ChunkOrigin, ordinal: number, text: string): string {
  return v5([documentId, version, ordinal, sha256(text).toString('hex')].join('/'), workspaceId);
}
