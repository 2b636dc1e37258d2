import { HtmlReader } from './html-reader';
import type { SectionBuilder } from './section-builder';

/** Feeds HTML to a section builder. Returns the content of `<title>`, if any. */
export async function readHtml(html: string, sections: SectionBuilder): Promise<string | undefined> {
  const { Parser } = await import('htmlparser2');
  const reader = new HtmlReader(sections);
  const parser = new Parser(reader, { decodeEntities: true, lowerCaseTags: true });
  parser.end(html);
  return reader.title;
}
