import { HtmlReader } from './html-reader';
import type { SectionBuilder } from './section-builder';

/** Feeds HTML to a section builder. Returns the content of `<title>`, if any. */
export const readHtml = (html: string, sections: SectionBuilder): Promise<string | undefined> =>
  read(html, sections, false);

/** The same for XHTML, where `<p/>` and `<script/>` are whole elements. */
export const readXhtml = (xhtml: string, sections: SectionBuilder): Promise<string | undefined> =>
  read(xhtml, sections, true);

async function read(html: string, sections: SectionBuilder, isXhtml: boolean): Promise<string | undefined> {
  const { Parser } = await import('htmlparser2');
  const reader = new HtmlReader(sections);
  const options = { decodeEntities: true, lowerCaseTags: true };
  const parser = new Parser(reader, { ...options, recognizeSelfClosing: isXhtml, recognizeCDATA: isXhtml });
  parser.end(html);
  return reader.title;
}
