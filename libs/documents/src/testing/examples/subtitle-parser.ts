import { AppError } from '@app/kernel';
import { decodeText } from '../../formats/decode-text';
import type { DocumentFormat } from '../../formats/document-format';
import { DocumentParser } from '../../parsing/document-parser';
import type { ParsedDocument } from '../../parsing/parsed-document';
import { SectionBuilder } from '../../parsing/section-builder';

/** Subtitles: what was said, without the times. */
export class SubtitleParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'subtitles',
    extensions: ['vtt'],
    mediaTypes: ['text/vtt', 'text/plain'],
    isText: true,
    magic: ['vtt'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    if (!decodeText(bytes).startsWith('WEBVTT')) throw new AppError('document.type-mismatch');
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const sections = new SectionBuilder();
    for (const cue of decodeText(bytes)
      .split(/\r?\n\r?\n/)
      .slice(1)) {
      sections.block(
        cue
          .split(/\r?\n/)
          .filter((line) => !line.includes('-->'))
          .join(' '),
        '\n',
      );
    }
    return { sections: sections.build() };
  }
}
