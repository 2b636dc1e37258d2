import { decodeText } from '../../formats/decode-text';
import type { DocumentFormat } from '../../formats/document-format';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { readHtml } from '../read-html';
import { SectionBuilder } from '../section-builder';

/** Where HTML requires its `<meta charset>` to be (HTML Living Standard, 4.2.5.4). */
const META_BYTES = 1024;
const META_CHARSET = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})/i;

export class HtmlParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'html',
    extensions: ['html', 'htm'],
    mediaTypes: ['text/html', 'application/xhtml+xml', 'text/plain'],
    isText: true,
    magic: ['xml', 'html'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    this.decode(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const sections = new SectionBuilder();
    const title = await readHtml(this.decode(bytes), sections);
    return { title, sections: sections.build() };
  }

  private decode(bytes: Buffer): string {
    return decodeText(bytes, META_CHARSET.exec(bytes.subarray(0, META_BYTES).toString('latin1'))?.[1]);
  }
}
