import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import type { DocumentPackage } from '../../formats/document-package';
import { readOoxml } from '../../formats/ooxml-package';
import { mainPartOf, relationIdOf, relationsOf } from '../../formats/package-relations';
import { readXml } from '../../formats/read-xml';
import { DocumentParser } from '../document-parser';
import { GridWriter } from '../grid-writer';
import type { ParsedDocument } from '../parsed-document';
import { MAX_PARTS, PartReading, type PartState } from '../part-reading';
import { PptxSlide } from '../pptx-slide';
import { SectionBuilder } from '../section-builder';
import { readStyles } from '../xlsx-formats';
import { XlsxNumbers } from '../xlsx-numbers';
import { unescapeText, type WorkbookTables, XlsxSheet } from '../xlsx-sheet';

/** Names that programs give, and that say nothing. */
const UNNAMED = /^(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|ark|arkusz|list|лист|工作表|シート)\s?\d+$/i;
/** Drawings of sheets may lie anywhere. */
const ENDLESS = { width: Infinity, height: Infinity };

interface Sheet {
  readonly name: string;
  /** Of a sheet that is missing no part has the name. */
  readonly part: string;
  readonly isHidden: boolean;
}

/** Sheets as sections, rows with the header above them, formulas as their last value. Comments are left out. */
export class XlsxParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'xlsx',
    extensions: ['xlsx'],
    mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/zip'],
    isText: false,
    magic: ['xlsx', 'zip', 'cfb'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    await readOoxml(bytes, 'xl');
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readOoxml(bytes, 'xl');
    const { sheets, tables } = await readWorkbook(parts);
    const sections = new SectionBuilder();
    const reading = new PartReading('sheet');
    for (const [i, sheet] of sheets.entries()) {
      sections.leaveHeadings();
      sections.startPage(i + 1);
      if (!sheet.isHidden && !UNNAMED.test(sheet.name)) sections.heading(1, sheet.name);
      await reading.write(i + 1, sections, () => writeSheet(parts, sheet, tables, sections));
    }
    const notices = reading.notices();
    return {
      title: await dublinCoreTitle(parts, 'docProps/core.xml'),
      pageCount: sheets.length,
      ...(notices && { notices }),
      sections: sections.build(),
    };
  }
}

async function readWorkbook(parts: DocumentPackage): Promise<{ sheets: Sheet[]; tables: WorkbookTables }> {
  const main = await mainPartOf(parts, 'xl/workbook.xml');
  const relations = await relationsOf(parts, main);
  const sheets = new Map<string, Sheet>();
  let isFrom1904 = false;
  await readXml(parts.xml(main) ?? '', {
    open: (element, attributes) => {
      if (element === 'workbookPr') isFrom1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (element !== 'sheet') return;
      const { name = '', state = 'visible' } = attributes;
      const id = relationIdOf(attributes);
      if (id === undefined || sheets.size >= MAX_PARTS) return;
      const part = relations.get(id)?.target ?? id;
      if (!sheets.has(part)) sheets.set(part, { name, part, isHidden: state !== 'visible' });
    },
  });
  const partOf = (type: string): string =>
    parts.xml([...relations.values()].find((relation) => relation.type === type)?.target ?? '') ?? '';
  const tables = {
    strings: await readStrings(partOf('sharedStrings')),
    styles: await readStyles(partOf('styles')),
    numbers: await XlsxNumbers.create(isFrom1904),
  };
  return { sheets: [...sheets.values()], tables };
}

async function readStrings(xml: string): Promise<string[]> {
  const strings: string[] = [];
  let text = '';
  let isInText = false;
  let phoneticDepth = 0; // how Japanese is read aloud, written a second time
  await readXml(xml, {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phoneticDepth++;
      if (name === 't') isInText = phoneticDepth === 0;
    },
    close: (name) => {
      if (name === 't') isInText = false;
      if (name === 'rPh') phoneticDepth--;
      if (name === 'si') strings.push(unescapeText(text));
    },
    text: (data) => {
      if (isInText) text += data;
    },
  });
  return strings;
}

async function writeSheet(
  parts: DocumentPackage,
  sheet: Sheet,
  tables: WorkbookTables,
  sections: SectionBuilder,
): Promise<PartState> {
  const source = parts.xml(sheet.part) ?? '';
  const grid = new GridWriter((text, separator) => sections.block(text, separator));
  const hidden: string[] = [];
  const reader = new XlsxSheet(source, tables, {
    row: (cells, isAfterGap) => {
      if (sheet.isHidden) return void hidden.push(cells.map(({ text }) => text).join(' | '));
      if (isAfterGap) grid.gap();
      grid.row(cells);
    },
    hidden: (text) => void hidden.push(text),
  });
  const isWhole = await readXml(source, reader);
  grid.end();
  const drawings = await drawingsOf(parts, sheet.part);
  for (const text of await textBoxes(parts, drawings)) {
    if (sheet.isHidden) hidden.push(text);
    else sections.block(text);
  }
  sections.hidden(hidden.join('\n'));
  if (!isWhole) return 'cut-off';
  return drawings.length > 0 ? 'whole' : 'empty'; // programs add sheets that nobody uses
}

async function drawingsOf(parts: DocumentPackage, part: string): Promise<string[]> {
  const relations = [...(await relationsOf(parts, part)).values()];
  return relations.filter(({ type, target }) => type === 'drawing' && parts.has(target)).map(({ target }) => target);
}

/** Text that lies over the cells. */
async function textBoxes(parts: DocumentPackage, drawings: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const part of drawings) {
    const drawing = new PptxSlide(ENDLESS);
    await readXml(parts.xml(part) ?? '', drawing);
    for (const { isHidden, paragraphs } of drawing.shapes) {
      if (!isHidden) texts.push(...paragraphs.map(({ text }) => text));
    }
  }
  return texts;
}
