import { AppError } from '@app/kernel';
import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import type { DocumentPackage } from '../../formats/document-package';
import { readOoxml } from '../../formats/ooxml-package';
import { cutHiddenRuns } from '../cut-hidden-runs';
import { DocumentParser } from '../document-parser';
import { DocxStyles } from '../docx-styles';
import type { ParsedDocument } from '../parsed-document';
import { readHtml } from '../read-html';
import { SectionBuilder } from '../section-builder';

/** Parts of WordprocessingML that hold runs of text mammoth reads. */
const STORY_PARTS = /^word\/(?:document|footnotes|endnotes)\d*\.xml$/i;
/** Title and Subtitle are not in mammoth's own map. Comments are left out by not being in any. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Heading 7'] => h6:fresh",
];

/** What mammoth asks of an archive. Giving it our checked parts keeps its own ZIP reader away from the file. */
interface CheckedArchive {
  exists(name: string): boolean;
  read(name: string, encoding?: string): Promise<string | Uint8Array>;
}

export class DocxParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'docx',
    extensions: ['docx'],
    mediaTypes: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip'],
    isText: false,
    magic: ['docx', 'zip', 'cfb'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    await readOoxml(bytes, 'word');
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readOoxml(bytes, 'word');
    const sections = new SectionBuilder();
    const styles = new DocxStyles();
    await styles.read(parts.xml('word/styles.xml') ?? '');
    const stories = new Map<string, Buffer>();
    for (const name of parts.names) {
      if (!STORY_PARTS.test(name)) continue;
      const { xml, hidden } = await cutHiddenRuns(parts.xml(name) ?? '', styles);
      stories.set(name, Buffer.from(xml));
      sections.hidden(hidden);
    }
    await readHtml(await toHtml(parts, stories), sections);
    return { title: await dublinCoreTitle(parts, 'docProps/core.xml'), sections: sections.build() };
  }
}

async function toHtml(parts: DocumentPackage, stories: ReadonlyMap<string, Buffer>): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  // `file` is how mammoth's own tests hand it an archive; its types only name paths and whole files.
  const input = { file: archiveOf(parts, stories) } as unknown as Parameters<typeof mammoth.convertToHtml>[0];
  const { value } = await mammoth
    .convertToHtml(input, {
      styleMap: STYLES,
      externalFileAccess: false,
      includeEmbeddedStyleMap: false,
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
    })
    .catch((cause: unknown) => {
      throw new AppError('document.corrupt', { cause });
    });
  return value;
}

/** @param stories parts to be read instead of those of the same name */
function archiveOf(parts: DocumentPackage, stories: ReadonlyMap<string, Buffer>): CheckedArchive {
  return {
    exists: (name) => parts.has(name),
    read: async (name, encoding) => {
      const content = stories.get(name) ?? parts.bytes(name);
      if (!content) throw new AppError('document.corrupt');
      if (encoding === 'base64') return content.toString('base64');
      return encoding ? new TextDecoder(encoding).decode(content) : new Uint8Array(content);
    },
  };
}
