import { AppError } from '@app/kernel';
import { type DocumentPackage, readPackage } from './document-package';
import { readXml, type XmlAttributes } from './read-xml';
import type { ZipPart } from './zip-container';

const TEXT_DOCUMENT = 'application/vnd.oasis.opendocument.text';
/** Libraries of macros and dialogs; the indexes of empty ones are in many files. */
const MACROS = /^(?:Basic|Dialogs|Scripts)\/(?!(?:[^/]+\/)?(?:script|dialog)-l[bc]\.xml$)/i;
/** A person clicks these, or asks for the template's newer styles; everything else is loaded when the file is opened. */
const LINKS = new Set(['a', 'template']);
const HREF = /^(?:.*:)?href$/;
/** A part of this package, or nothing. */
const INSIDE = /^(?:#.*|(?:\.\/)?(?![/\\]|\.\.)[^:&?]*)$/;

/**
 * The parts of an OpenDocument text (OASIS ODF 1.3) that was found safe to interpret: a sound archive, no macros or
 * programs, nothing loaded from elsewhere, no password.
 *
 * @throws AppError `document.encrypted`, `.type-mismatch`, `.active-content`, `.archive-unsafe`, `.corrupt`
 */
export async function readOdt(bytes: Buffer): Promise<DocumentPackage> {
  // Old writers name document types in their manifests.
  const parts = await readPackage(bytes, { xmlParts: /\.(?:xml|rdf)$/i, allowsDoctype: true, check: checkPart });
  const type = parts.bytes('mimetype')?.toString('latin1').trim();
  if (type !== TEXT_DOCUMENT || !parts.has('content.xml')) {
    throw new AppError('document.type-mismatch', { detail: 'It is not an OpenDocument text' });
  }
  return parts;
}

async function checkPart({ name }: ZipPart, source: string | undefined): Promise<void> {
  if (MACROS.test(name)) throw new AppError('document.active-content');
  if (source === undefined) return;
  if (/^META-INF\/manifest\.xml$/i.test(name) && /<(?:[^\s<>/:]+:)?encryption-data[\s/>]/.test(source)) {
    throw new AppError('document.encrypted');
  }
  if (!/href|dde-/i.test(source)) return;
  await readXml(source, { open: checkElement });
}

function checkElement(name: string, attributes: XmlAttributes): void {
  // Whatever its prefix: which one an office program reads depends on a declaration elsewhere.
  const addresses = Object.entries(attributes).flatMap(([attribute, value]) => (HREF.test(attribute) ? [value] : []));
  const isSound = (href: string): boolean =>
    LINKS.has(name) ? !/^(?:vnd\.sun\.star\.)?script:/i.test(href) : INSIDE.test(href);
  if (addresses.every(isSound) && !name.startsWith('dde-')) return;
  throw new AppError('document.active-content', { detail: 'It loads content from elsewhere when opened' });
}
