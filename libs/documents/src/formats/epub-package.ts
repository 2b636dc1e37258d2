import { AppError } from '@app/kernel';
import { type DocumentPackage, readPackage } from './document-package';

const EPUB = 'application/epub+zip';
/** Fonts are made unusable outside of a book without being secret (EPUB 3.3, 4.3). */
const FONT_ALGORITHMS =
  /Algorithm\s*=\s*["']http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)["']/g;

/**
 * The parts of an e-book (EPUB 2 and 3) that was found safe to interpret. Its pages are HTML: scripts in them are, as in
 * HTML files, never run and never text.
 *
 * @throws AppError `document.encrypted`, `.type-mismatch`, `.active-content`, `.archive-unsafe`, `.corrupt`
 */
export async function readEpub(bytes: Buffer): Promise<DocumentPackage> {
  // Pages of XHTML and tables of contents (NCX) begin with a document type.
  const parts = await readPackage(bytes, {
    xmlParts: /\.(?:x?html?|xml|opf|ncx|svg|smil)$/i,
    allowsDoctype: true,
    check: ({ name }, source = '') => {
      if (!/^META-INF\/encryption\.xml$/i.test(name)) return;
      const encrypted = source.match(/<(?:[^\s<>/:]+:)?EncryptedData[\s>]/g)?.length ?? 0;
      if (encrypted > (source.match(FONT_ALGORITHMS)?.length ?? 0)) throw new AppError('document.encrypted');
    },
  });
  const type = parts.bytes('mimetype')?.toString('latin1').trim();
  if (type !== EPUB || !parts.has('META-INF/container.xml')) {
    throw new AppError('document.type-mismatch', { detail: 'It is not an e-book' });
  }
  return parts;
}
