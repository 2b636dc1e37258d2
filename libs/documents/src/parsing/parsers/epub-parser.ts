import { posix } from 'node:path';
import { AppError } from '@app/kernel';
import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import type { DocumentPackage } from '../../formats/document-package';
import { readEpub } from '../../formats/epub-package';
import { readXml } from '../../formats/read-xml';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { readXhtml } from '../read-html';
import { SectionBuilder } from '../section-builder';

const PAGE_TYPES = new Set(['application/xhtml+xml', 'text/html', 'text/x-oeb1-document']);

/** The pages of an e-book in reading order. A page starts without the headings of the one before. */
export class EpubParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'epub',
    extensions: ['epub'],
    mediaTypes: ['application/epub+zip', 'application/zip'],
    isText: false,
    magic: ['epub', 'zip'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    await readEpub(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readEpub(bytes);
    const main = await packageOf(parts);
    const sections = new SectionBuilder();
    for (const page of await pagesOf(parts, main)) {
      sections.leaveHeadings();
      await readXhtml(parts.xml(page) ?? '', sections);
    }
    return { title: await dublinCoreTitle(parts, main), sections: sections.build() };
  }
}

async function packageOf(parts: DocumentPackage): Promise<string> {
  let path: string | undefined;
  await readXml(parts.xml('META-INF/container.xml') ?? '', {
    open: (name, attributes) => {
      if (name === 'rootfile') path ??= attributes['full-path'];
    },
  });
  if (path === undefined || !parts.has(path)) throw new AppError('document.corrupt');
  return path;
}

/** The spine (EPUB 3.3, 5.7), each page once. */
async function pagesOf(parts: DocumentPackage, main: string): Promise<string[]> {
  const items = new Map<string, string>();
  const spine: string[] = [];
  await readXml(parts.xml(main) ?? '', {
    open: (name, { id = '', idref = '', href = '', ...attributes }) => {
      if (name === 'item' && PAGE_TYPES.has(attributes['media-type'] ?? '')) items.set(id, href);
      if (name === 'itemref') spine.push(idref);
    },
  });
  const pages = spine.map((id) => posix.join(posix.dirname(main), decoded(items.get(id) ?? '')));
  return [...new Set(pages)].filter((page) => parts.has(page));
}

/** Names in a manifest are addresses. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
