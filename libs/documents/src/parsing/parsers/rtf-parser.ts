import type { DocumentFormat } from '../../formats/document-format';
import { inspectRtf } from '../../formats/rtf-structure';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { RtfReader } from '../rtf-reader';
import { SectionBuilder } from '../section-builder';

/** Rich Text Format. Page headers, remarks and what pictures and objects hold are left out. */
export class RtfParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'rtf',
    extensions: ['rtf'],
    mediaTypes: ['application/rtf', 'text/rtf', 'application/x-rtf', 'text/richtext', 'application/msword'],
    isText: false,
    magic: ['rtf'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    inspectRtf(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const sections = new SectionBuilder();
    const reader = new RtfReader(sections);
    reader.read(bytes);
    return { title: reader.title.trim() || undefined, sections: sections.build() };
  }
}
