import { AppError } from '@app/kernel';
import { isExecutable } from '../scanning/executable-magic';
import { readZip, type ZipPart } from './zip-container';

/** Compound File Binary header (MS-CFB 2.2): old Office files, and new ones with a password (MS-OFFCRYPTO 2.3). */
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');
/** The stream in which OLE Packager keeps any file at all (MS-OLEDS 2.3.6). Equations and charts do not use it. */
const PACKAGED_FILE = Buffer.from('\u0001Ole10Native', 'utf16le');
const MAIN_PART = 'word/document.xml';
const CONTENT_TYPES = '[Content_Types].xml';

/**
 * The parts of a Word document that was found safe to interpret: a sound archive, no macros, no embedded programs, no
 * document type declarations (ECMA-376 part 2, 8.2.5 forbids them, XXE needs them), nothing fetched from elsewhere.
 *
 * @throws AppError `document.encrypted`, `.type-mismatch`, `.active-content`, `.archive-unsafe`, `.corrupt`
 */
export async function readDocx(bytes: Buffer): Promise<Map<string, Buffer>> {
  refuseCompoundFile(bytes);
  const parts = new Map<string, Buffer>();
  for await (const part of readZip(bytes)) {
    checkPart(part);
    parts.set(part.name, part.content);
  }
  if (!parts.has(CONTENT_TYPES)) throw new AppError('document.type-mismatch', { detail: 'It is not a Word document' });
  if (![...parts.keys()].some((name) => /^\/?word\/.*\.xml$/i.test(name)) && !parts.has(MAIN_PART)) {
    throw new AppError('document.type-mismatch', { detail: 'It is not a Word document' });
  }
  return parts;
}

function refuseCompoundFile(bytes: Buffer): void {
  if (!bytes.subarray(0, 8).equals(COMPOUND_FILE)) return;
  if (bytes.includes(ENCRYPTED_PACKAGE)) throw new AppError('document.encrypted');
  throw new AppError('document.type-mismatch', { detail: 'It is an old binary Office file; save it as .docx' });
}

function checkPart({ name, content }: ZipPart): void {
  if (/(?:^|\/)vba(?:project|data)\b/i.test(name) || /(?:^|\/)activex\//i.test(name)) {
    throw new AppError('document.active-content');
  }
  if (isExecutable(content)) throw new AppError('document.active-content');
  if (/embeddings\/[^/]*\.bin$/i.test(name)) checkEmbeddedObject(content);
  if (!/\.(?:xml|rels|vml)$/i.test(name)) return;
  const source = sourceOf(content);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) {
    throw new AppError('document.archive-unsafe', { detail: 'It declares XML entities' });
  }
  if (/\.rels$/i.test(name)) checkRelationships(source);
}

/** Every encoding of XML that is not UTF-8 or UTF-16 is refused by readers; a declaration hidden by UTF-16 has NULs. */
function sourceOf(content: Buffer): string {
  if (!content.includes(0)) return content.toString('latin1');
  const isBigEndian = content[0] === 0xfe || content[0] === 0;
  if (!isBigEndian) return content.toString('utf16le');
  return Buffer.from(content.subarray(0, content.length - (content.length % 2)))
    .swap16()
    .toString('utf16le');
}

function checkEmbeddedObject(content: Buffer): void {
  const isSound = content.subarray(0, 8).equals(COMPOUND_FILE);
  if (!isSound || content.includes(PACKAGED_FILE)) throw new AppError('document.active-content');
}

/**
 * A whole element, whose quoted values may hold `>`; it has at most four. Nothing in a tag may be `<` (XML 1.0, 3.1),
 * so each attempt ends at the next one: with `[^>]*` a hostile part of 1 MB took a minute.
 */
const RELATIONSHIP = /<(?:[^\s<>/:]+:)?Relationship\s[^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*){0,20}>/g;
const RELATIONSHIP_START = /<(?:[^\s<>/:]+:)?Relationship\s/g;
/** Attribute by attribute, so that text inside one value cannot pass for another attribute. */
const ATTRIBUTE = /(?<![\w:.-])([\w:.-]{1,40})\s{0,40}=\s{0,40}(?:"([^"<]*)"|'([^'<]*)')/g;

/** Word follows these when the document is opened. */
function checkRelationships(source: string): void {
  const relationships = source.match(RELATIONSHIP) ?? [];
  if (relationships.length !== (source.match(RELATIONSHIP_START)?.length ?? 0)) throw new AppError('document.corrupt');
  if (relationships.every((relationship) => isHarmless(attributesOf(relationship)))) return;
  throw new AppError('document.active-content', { detail: 'It loads content from elsewhere when opened' });
}

function attributesOf(element: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of element.matchAll(ATTRIBUTE)) attributes.set(name, double ?? single ?? '');
  return attributes;
}

/** Links that a person clicks, and a template on a local disk, are usual. */
function isHarmless(relationship: ReadonlyMap<string, string>): boolean {
  const valueOf = (name: string): string => relationship.get(name) ?? '';
  // There is only Internal and External (ECMA-376 part 2, 9.3): an encoded `&#69;xternal` counts as the latter.
  if (!relationship.has('TargetMode') || valueOf('TargetMode') === 'Internal') return true;
  if (/\/hyperlink$/i.test(valueOf('Type'))) return true;
  return /\/attachedTemplate$/i.test(valueOf('Type')) && /^file:\/\/\//i.test(valueOf('Target'));
}
