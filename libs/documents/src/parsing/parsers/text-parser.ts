import { decodeText } from '../../formats/decode-text';
import type { DocumentFormat } from '../../formats/document-format';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { SectionBuilder, tidy } from '../section-builder';

/** A title underlined over its whole length, the oldest way to mark one in plain text. */
const UNDERLINE = /^([=\-~*#])\1{2,}$/;
const LEVELS: Readonly<Record<string, number>> = { '=': 1, '*': 1, '#': 1, '-': 2, '~': 3 };

export class TextParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'text',
    extensions: ['txt', 'text'],
    mediaTypes: ['text/plain'],
    isText: true,
    magic: [],
  };

  async inspect(bytes: Buffer): Promise<void> {
    decodeText(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const sections = new SectionBuilder();
    const text = decodeText(bytes);
    sections.noteInvisible(text);
    for (const paragraph of tidy(text).split('\n\n')) {
      const lines = paragraph.split('\n');
      const level = headingLevel(lines);
      if (level !== undefined) sections.heading(level, lines[0] ?? '');
      sections.block(level === undefined ? paragraph : lines.slice(2).join('\n'));
    }
    return { sections: sections.build() };
  }
}

function headingLevel([title, underline]: readonly string[]): number | undefined {
  const mark = UNDERLINE.exec(underline ?? '')?.[1];
  if (!mark || !title || Math.abs(title.length - (underline?.length ?? 0)) > 3) return undefined;
  return LEVELS[mark];
}
