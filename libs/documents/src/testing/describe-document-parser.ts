import { AppError } from '@app/kernel';
import { identifyFile } from '../formats/file-identifier';
import type { DocumentParser } from '../parsing/document-parser';

export interface ParserSample {
  /** A small, sound file of the format. */
  readonly bytes: Buffer;
  /** Texts it shows, in reading order. */
  readonly texts: readonly string[];
}

/** What every `DocumentParser` promises. */
export function describeDocumentParser(
  name: string,
  create: () => DocumentParser,
  sample: () => Promise<ParserSample>,
): void {
  describe(`${name} as a document parser`, () => {
    const nameFor = ({ format }: DocumentParser): string => `sample.${format.extensions[0]}`;

    it('names its extensions in lower case, without the dot, and at least one media type', () => {
      const { format } = create();
      expect(format.extensions.length).toBeGreaterThan(0);
      for (const extension of format.extensions) expect(extension).toMatch(/^[a-z0-9]+$/);
      for (const type of format.mediaTypes) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
      expect(format.mediaTypes.length).toBeGreaterThan(0);
    });

    it('is chosen for its sample, whatever the sender declares of its types', async () => {
      const parser = create();
      const { bytes } = await sample();
      for (const mediaType of [...parser.format.mediaTypes, '', 'application/octet-stream']) {
        expect(await identifyFile([parser], { fileName: nameFor(parser), mediaType, bytes })).toBe(parser);
      }
    });

    it('refuses random bytes under its name', async () => {
      const parser = create();
      const noise = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 0xff));
      const file = { fileName: nameFor(parser), mediaType: '', bytes: noise };
      await expect(identifyFile([parser], file)).rejects.toBeInstanceOf(AppError);
    });

    it('reads the texts of its sample in order, in sections that are not empty', async () => {
      const { bytes, texts } = await sample();
      const { sections } = await create().parse(bytes);
      for (const { text } of sections) expect(text.trim()).not.toBe('');
      const all = sections.map(({ headingPath, text }) => [...headingPath, text].join('\n')).join('\n');
      const positions = texts.map((text) => all.indexOf(text));
      expect(positions).not.toContain(-1);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    });

    it('reads the same from the same bytes', async () => {
      const { bytes } = await sample();
      expect(await create().parse(bytes)).toEqual(await create().parse(bytes));
    });
  });
}
