import { relationships } from './write-pptx';
import { writeZip, type ZipFileEntry } from './write-zip';

const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const CONTENT_TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`;

interface SheetToWrite {
  readonly name: string;
  readonly state?: string;
  /** SpreadsheetML inside `worksheet`. */
  readonly xml: string;
}

interface WorkbookToWrite {
  readonly sheets: readonly SheetToWrite[];
  /** Inside `sst`. */
  readonly strings?: string;
  /** Inside `styleSheet`. */
  readonly styles?: string;
  readonly properties?: string;
  readonly extra?: readonly ZipFileEntry[];
}

export function writeXlsx({ sheets, strings = '', styles = '', properties = '', extra = [] }: WorkbookToWrite): Buffer {
  const list = sheets
    .map(({ name, state = 'visible' }, i) => `<sheet name="${name}" sheetId="${i + 1}" state="${state}" r:id="s${i}"/>`)
    .join('');
  return writeZip([
    { name: '[Content_Types].xml', content: CONTENT_TYPES },
    { name: '_rels/.rels', content: relationships(['r1', 'officeDocument', 'xl/workbook.xml']) },
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${NAMESPACES}><workbookPr ${properties}/><sheets>${list}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relationships(
        ['strings', 'sharedStrings', 'sharedStrings.xml'],
        ['styles', 'styles', '/xl/styles.xml'],
        ...sheets.map((_, i) => [`s${i}`, 'worksheet', `worksheets/sheet${i + 1}.xml`] as const),
      ),
    },
    { name: 'xl/sharedStrings.xml', content: `<sst ${NAMESPACES}>${strings}</sst>` },
    { name: 'xl/styles.xml', content: `<styleSheet ${NAMESPACES}>${styles}</styleSheet>` },
    ...sheets.map(({ xml }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `<worksheet ${NAMESPACES}>${xml}</worksheet>`,
    })),
    ...extra,
  ]);
}

/** A row of inline strings from column A. */
export const textRow = (number: number, cells: readonly string[], attributes = ''): string =>
  `<row r="${number}" ${attributes}>${cells
    .map((text, i) => `<c r="${String.fromCharCode(65 + i)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`)
    .join('')}</row>`;
