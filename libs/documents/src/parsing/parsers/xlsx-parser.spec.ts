import { identifyFile } from '../../formats/file-identifier';
import { describeDocumentParser } from '../../testing/describe-document-parser';
import { relationships, shape, slideText } from '../../testing/write-pptx';
import { textRow, writeXlsx } from '../../testing/write-xlsx';
import type { ParsedSection } from '../parsed-document';
import { XlsxParser } from './xlsx-parser';

const data = (...rows: string[]): string => `<sheetData>${rows.join('')}</sheetData>`;
const parse = (workbook: Parameters<typeof writeXlsx>[0]) => new XlsxParser().parse(writeXlsx(workbook));
const sheet = async (xml: string, rest: Partial<Parameters<typeof writeXlsx>[0]> = {}) =>
  (await parse({ sheets: [{ name: 'Prices', xml }], ...rest })).sections;
const shown = (sections: readonly ParsedSection[]) => sections.filter(({ isHidden }) => !isHidden)[0]?.text;
const hidden = (sections: readonly ParsedSection[]) =>
  sections.filter(({ isHidden }) => isHidden).map(({ text }) => text);

describeDocumentParser(
  'XlsxParser',
  () => new XlsxParser(),
  async () => ({
    bytes: writeXlsx({
      sheets: [
        { name: 'Refunds', xml: data(textRow(1, ['Card', 'Days']), textRow(2, ['Visa', 'Five'])) },
        { name: 'Fees', xml: data(textRow(1, ['None'])) },
      ],
    }),
    texts: ['Refunds', 'Card: Visa | Days: Five', 'Fees', 'None'],
  }),
);

describe('XlsxParser', () => {
  it('names sheet and number, and gives every row its header', async () => {
    const parsed = await parse({
      sheets: [
        { name: 'Prices', xml: data(textRow(1, ['Plan', '2024']), textRow(2, ['Pro', '20']), textRow(3, ['Free'])) },
        { name: 'Sheet2', xml: data(textRow(1, ['note'])) },
      ],
    });
    expect(parsed.pageCount).toBe(2);
    expect(parsed.sections).toEqual([
      { headingPath: ['Prices'], page: 1, text: 'Plan | 2024\nPlan: Pro | 2024: 20\nPlan: Free' },
      { headingPath: [], page: 2, text: 'note' },
    ]);
  });

  it('reads every kind of value as the sheet shows it', async () => {
    const styles = `<numFmts><numFmt numFmtId="164" formatCode="#,##0.00 &quot;€&quot;"/><numFmt numFmtId="165" formatCode="dd/mm/yy hh:mm"/></numFmts><cellXfs>${[0, 9, 164, 14, 165, 20, 46].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;
    const strings =
      '<si><t>pl</t></si><si><r><t>rich </t></r><r><t xml:space="preserve">text_x000D_</t></r><rPh><t>read aloud</t></rPh></si>';
    const cells = [
      '<c t="s"><v>1</v></c>',
      '<c t="str"><f>A1&amp;"x"</f><v>computed</v></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="e"><v>#N/A</v></c>',
      '<c t="d"><v>2024-05-06T00:00:00</v></c>',
      '<c><v>0.30000000000000004</v></c>',
      '<c><v>123456789012</v></c>',
      '<c s="1"><f>B1/5</f><v>0.2</v></c>',
      '<c s="2"><v>1234.5</v></c>',
      '<c s="3"><v>45000</v></c>',
      '<c s="4"><v>45000.5</v></c>',
      '<c s="5"><v>0.75</v></c>',
      '<c s="6"><v>1.5</v></c>',
    ].join('');
    expect(shown(await sheet(data(`<row>${cells}</row>`), { styles, strings }))).toBe(
      'rich text | computed | TRUE | 2024-05-06 | 0.3 | 123456789012 | 20% | 1,234.50 € | 2023-03-15 | 2023-03-15 12:00 | 18:00 | 36:00:00',
    );
  });

  it('counts days from 1904 where the workbook does', async () => {
    const workbook = { styles: '<cellXfs><xf numFmtId="14"/></cellXfs>', properties: 'date1904="1"' };
    expect(shown(await sheet(data('<row><c s="0"><v>43538</v></c></row>'), workbook))).toBe('2023-03-15');
  });

  it('repeats a merged cell in each of its rows, and sees where another table begins', async () => {
    const xml = `${data(
      textRow(1, ['Region', 'City']),
      textRow(2, ['North', 'Kiel']),
      '<row r="3"><c r="B3" t="inlineStr"><is><t>Lübeck</t></is></c></row>',
      textRow(5, ['Name', 'Age', 'Role']),
      textRow(6, ['Ann', '30', 'Chief']),
    )}<mergeCells><mergeCell ref="A2:A3"/></mergeCells>`;
    expect(shown(await sheet(xml))).toBe(
      'Region | City\nRegion: North | City: Kiel\nRegion: North | City: Lübeck\n\nName | Age | Role\nName: Ann | Age: 30 | Role: Chief',
    );
  });

  it('takes no title, value beside a name, or number for a header', async () => {
    const rows = [textRow(1, ['Price list']), textRow(2, ['Valid:', 'May']), textRow(3, ['Pro', '20'])];
    expect(shown(await sheet(data(...rows)))).toBe('Price list\nValid: | May\nPro | 20');
  });

  it('marks hidden sheets, rows and columns, white and tiny text', async () => {
    const styles =
      '<fonts><font><sz val="11"/></font><font><color rgb="FFFFFFFF"/></font><font><sz val="1"/></font></fonts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"/></fill></fills><cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="1" fillId="1"/></cellXfs>';
    const cell = (text: string, style: number) => `<c t="inlineStr" s="${style}"><is><t>${text}</t></is></c>`;
    const xml = `<cols><col min="3" max="3" hidden="1"/></cols>${data(
      `<row r="1">${cell('Seen', 0)}${cell('white on dark', 3)}${cell('in column C', 0)}${cell('white', 1)}${cell('tiny', 2)}</row>`,
      textRow(2, ['in a row'], 'hidden="1"'),
    )}`;
    const { sections } = await parse({
      sheets: [
        { name: 'Open', xml },
        { name: 'Secret', state: 'veryHidden', xml: data(textRow(1, ['on a sheet'])) },
      ],
      styles,
    });
    expect(shown(sections)).toBe('Seen | white on dark');
    expect(hidden(sections)).toEqual(['in column C\nwhite\ntiny\nin a row', 'on a sheet']);
  });

  it('reads text boxes, and no comments', async () => {
    const extra = [
      {
        name: 'xl/worksheets/_rels/sheet1.xml.rels',
        content: relationships(['d', 'drawing', '../drawings/drawing1.xml'], ['c', 'comments', '../comments1.xml']),
      },
      { name: 'xl/drawings/drawing1.xml', content: `<xdr:wsDr>${shape(slideText('In a box'))}</xdr:wsDr>` },
      { name: 'xl/comments1.xml', content: '<comments><text><t>secret</t></text></comments>' },
    ];
    expect(await sheet(data(textRow(1, ['Cell'])), { extra })).toEqual([
      { headingPath: ['Prices'], page: 1, text: 'Cell\n\nIn a box' },
    ]);
  });

  it('refuses one long text in very many cells', async () => {
    const rows = Array.from({ length: 600 }, () => '<row><c t="s"><v>0</v></c></row>');
    const strings = `<si><t>${'word '.repeat(2000)}</t></si>`;
    await expect(sheet(data(...rows), { strings })).rejects.toMatchObject({ code: 'document.too-complex' });
  });

  it.each([
    ['macros', { name: 'xl/vbaProject.bin', content: 'x' }],
    ['a macro sheet', { name: 'xl/macrosheets/sheet1.xml', content: '<a/>' }],
    ['a file with macros inside', { name: 'xl/embeddings/book.xlsm', content: 'x' }],
    [
      'a call to another program',
      { name: 'xl/externalLinks/externalLink1.xml', content: '<ddeLink ddeService="cmd"/>' },
    ],
    [
      'a workbook elsewhere',
      {
        name: 'xl/externalLinks/_rels/externalLink1.xml.rels',
        content: '<Relationship Type="x/externalLinkPath" Target="file:///b.xlsx" TargetMode="External"/>',
      },
    ],
  ])('refuses %s', async (_name, part) => {
    const bytes = writeXlsx({ sheets: [], extra: [part] });
    await expect(identifyFile([new XlsxParser()], { fileName: 'a.xlsx', mediaType: '', bytes })).rejects.toMatchObject({
      code: 'document.active-content',
    });
  });
});
