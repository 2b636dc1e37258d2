import { posix } from 'node:path';
import { AppError } from '@app/kernel';
import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import type { DocumentPackage } from '../../formats/document-package';
import { readEpub } from '../../formats/epub-package';
import { readXml } from '../../formats/read-xml';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { MAX_PARTS, PartReading, type PartState } from '../part-reading';
import { readXhtml } from '../read-html';
import { SectionBuilder } from '../section-builder';

/** A page that was cut off ends before this. */
const END = /<\/(?:[\w.-]+:)?(?:body|frameset|html)\s*>/i;
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
    const reading = new PartReading('chapter');
    for (const [i, chapter] of (await chaptersOf(parts, main)).entries()) {
      sections.leaveHeadings();
      await reading.write(i + 1, sections, () => writeChapter(parts, chapter, sections));
    }
    const notices = reading.notices();
    return { title: await dublinCoreTitle(parts, main), ...(notices && { notices }), sections: sections.build() };
  }
}

interface Chapter {
  /** Of a chapter that is missing no part has the name. */
  readonly part: string;
  readonly isPage: boolean;
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

async function writeChapter(
  parts: DocumentPackage,
  { part, isPage }: Chapter,
  sections: SectionBuilder,
): Promise<PartState> {
  const source = parts.xml(part);
  if (source !== undefined && !isPage) return 'whole'; // a picture, of which nothing is read
  await readXhtml(source ?? '', sections);
  return END.test(source ?? '') ? 'whole' : 'cut-off';
}

/** The spine (EPUB 3.3, 5.7), each part once, also those that are missing. */
async function chaptersOf(parts: DocumentPackage, main: string): Promise<Chapter[]> {
  const items = new Map<string, { href: string; isPage: boolean }>();
  const spine = new Set<string>();
  await readXml(parts.xml(main) ?? '', {
    open: (name, { id = '', idref = '', href = '', ...attributes }) => {
      if (name === 'item') items.set(id, { href, isPage: PAGE_TYPES.has(attributes['media-type'] ?? '') });
      if (name === 'itemref' && spine.size < MAX_PARTS) spine.add(idref);
    },
  });
  const chapters = new Map<string, Chapter>();
  for (const id of spine) {
    const { href, isPage } = items.get(id) ?? { href: id, isPage: true };
    const part = posix.join(posix.dirname(main), decoded(href));
    if (!chapters.has(part)) chapters.set(part, { part, isPage });
  }
  return [...chapters.values()];
}

/** Names in a manifest are addresses. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
