import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import { readOdt } from '../../formats/odf-package';
import { readXml } from '../../formats/read-xml';
import { DocumentParser } from '../document-parser';
import { OdtReader } from '../odt-reader';
import { OdtStyles } from '../odt-styles';
import type { ParsedDocument } from '../parsed-document';
import { SectionBuilder } from '../section-builder';

/** OpenDocument text. Tracked deletions and remarks are left out; notes follow the paragraph they belong to. */
export class OdtParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'odt',
    extensions: ['odt'],
    mediaTypes: ['application/vnd.oasis.opendocument.text', 'application/zip'],
    isText: false,
    magic: ['odt', 'zip'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    await readOdt(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readOdt(bytes);
    const content = parts.xml('content.xml') ?? '';
    const styles = new OdtStyles();
    await styles.read(parts.xml('styles.xml') ?? '');
    await styles.read(content);
    const sections = new SectionBuilder();
    await readXml(content, new OdtReader(sections, styles));
    return { title: await dublinCoreTitle(parts, 'meta.xml'), sections: sections.build() };
  }
}
