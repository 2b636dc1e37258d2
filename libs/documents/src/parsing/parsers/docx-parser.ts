import { AppError } from '@app/kernel';
import type { DocumentFormat } from '../../formats/document-format';
import { readDocx } from '../../formats/docx-package';
import { cutHiddenRuns } from '../cut-hidden-runs';
import { DocumentParser } from '../document-parser';
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
    await readDocx(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readDocx(bytes);
    const sections = new SectionBuilder();
    for (const [name, content] of parts) {
      if (!STORY_PARTS.test(name)) continue;
      const { xml, hidden } = await cutHiddenRuns(content.toString('utf8'));
      parts.set(name, Buffer.from(xml));
      sections.hidden(hidden);
    }
    await readHtml(await toHtml(parts), sections);
    return { title: titleOf(parts), sections: sections.build() };
  }
}

async function toHtml(parts: Map<string, Buffer>): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  // `file` is how mammoth's own tests hand it an archive; its types only name paths and whole files.
  const input = { file: archiveOf(parts) } as unknown as Parameters<typeof mammoth.convertToHtml>[0];
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

function archiveOf(parts: Map<string, Buffer>): CheckedArchive {
  return {
    exists: (name) => parts.has(name),
    read: async (name, encoding) => {
      const content = parts.get(name);
      if (!content) throw new AppError('document.corrupt');
      if (encoding === 'base64') return content.toString('base64');
      return encoding ? new TextDecoder(encoding).decode(content) : new Uint8Array(content);
    },
  };
}

function titleOf(parts: Map<string, Buffer>): string | undefined {
  const core = parts.get('docProps/core.xml')?.toString('utf8') ?? '';
  return /<dc:title[^>]*>([^<]{1,500})<\/dc:title>/.exec(core)?.[1];
}
