import { AppError } from '@app/kernel';
import { NO_PAGE, writeDamagedPdf } from '../testing/write-damaged-pdf';
import { writeEpub } from '../testing/write-epub';
import { relationships, shape, slideText, writePptx } from '../testing/write-pptx';
import { textRow, writeXlsx } from '../testing/write-xlsx';
import type { DocumentParser } from './document-parser';
import type { ParsedDocument } from './parsed-document';
import { noticesIn } from './parser-reply';
import { EpubParser } from './parsers/epub-parser';
import { PdfParser } from './parsers/pdf-parser';
import { PptxParser } from './parsers/pptx-parser';
import { XlsxParser } from './parsers/xlsx-parser';
import { PartReading } from './part-reading';

const textsOf = ({ sections }: ParsedDocument): string[] => sections.map(({ text }) => text);
const noticed = ({ notices }: ParsedDocument): string[] =>
  (notices?.items ?? []).map(({ part, number, code }) => `${part} ${number} ${code}`);
const read = async (parser: DocumentParser, bytes: Buffer): Promise<{ texts: string[]; noticed: string[] }> => {
  const parsed = await parser.parse(bytes);
  return { texts: textsOf(parsed), noticed: noticed(parsed) };
};
/** Spoils a compressed stream of a PDF, and keeps the length. */
const spoil = (bytes: Buffer, index: number): Buffer =>
  Buffer.from(bytes).fill(0xff, bytes.indexOf('stream\n', index) + 10, bytes.indexOf('endstream', index) - 10);
/** Gives a part of a package another name: the first of that name, here and in the directory. */
function withoutPart(bytes: Buffer, name: string): Buffer {
  const renamed = Buffer.from(bytes);
  const directory = renamed.indexOf('PK\u0001\u0002');
  for (const start of [0, directory]) renamed.write('other/', renamed.indexOf(name, start));
  return renamed;
}

describe('A document that is damaged in part', () => {
  it('is read page by page: a PDF', async () => {
    const bytes = await writeDamagedPdf(['First page', NO_PAGE, '', 'Fourth page']);
    expect(await read(new PdfParser(), bytes)).toEqual({
      texts: ['First page', 'Fourth page'],
      noticed: ['page 2 part.unreadable', 'page 3 part.no-text'],
    });
  });

  it('says from where on the list of pages of a PDF is broken', async () => {
    const bytes = await writeDamagedPdf(['First page', 'Second page', 'Third page', NO_PAGE]);
    expect(await read(new PdfParser(), bytes)).toEqual({
      texts: ['First page', 'Second page', 'Third page'],
      noticed: ['page 4 part.rest-unreadable'],
    });
  });

  it('tells a page whose content is spoiled from one without', async () => {
    const bytes = await writeDamagedPdf(['First page', 'Second page']);
    const content = bytes.indexOf('FlateDecode', bytes.indexOf('FlateDecode') + 1);
    expect(await read(new PdfParser(), spoil(bytes, content))).toEqual({
      texts: ['First page'],
      noticed: ['page 2 part.unreadable'],
    });
  });

  it('is refused when nothing of it can be read', async () => {
    await expect(new PdfParser().parse(await writeDamagedPdf(['', NO_PAGE]))).rejects.toThrow(/Page dictionary/);
  });

  it('has no notices when it is whole', async () => {
    expect(await new PdfParser().parse(await writeDamagedPdf(['First page', 'Second page']))).not.toHaveProperty(
      'notices',
    );
  });

  it('is read slide by slide: a presentation', async () => {
    const text = (words: string): string => shape(slideText(words));
    const slides = [text('One'), shape(''), text('Lost'), `${text('Four')}<!-- `, text('Five')];
    expect(await read(new PptxParser(), withoutPart(writePptx(slides), 'ppt/slides/slide3.xml'))).toEqual({
      texts: ['One', 'Four', 'Five'],
      noticed: ['slide 2 part.no-text', 'slide 3 part.unreadable', 'slide 4 part.unreadable'],
    });
  });

  it('is read sheet by sheet: a workbook, whose unused sheets say nothing', async () => {
    const bytes = writeXlsx({
      sheets: [
        { name: 'Sheet1', xml: `<sheetData>${textRow(1, ['Price', '20'])}</sheetData>` },
        { name: 'Sheet2', xml: '<sheetData/>' },
        { name: 'Sheet3', xml: `<sheetData>${textRow(1, ['Half'])}<!-- ` },
        { name: 'Sheet4', xml: '<drawing r:id="d"/>' },
      ],
      extra: [
        { name: 'xl/worksheets/_rels/sheet4.xml.rels', content: relationships(['d', 'drawing', '../drawings/d.xml']) },
        { name: 'xl/drawings/d.xml', content: '<wsDr><pic/></wsDr>' },
      ],
    });
    expect(await read(new XlsxParser(), bytes)).toEqual({
      texts: ['Price | 20', 'Half'],
      noticed: ['sheet 3 part.unreadable', 'sheet 4 part.no-text'],
    });
  });

  it('is read chapter by chapter: an e-book', async () => {
    const cut = { name: 'OPS/my page3.xhtml', content: '<html><body><p>Half' };
    const book = writeEpub(['<img src="cover.png"/>', '<p>Two</p>', '<p>Lost</p>', '<p>Whole</p>'], [cut]);
    const bytes = withoutPart(book, 'OPS/my page2.xhtml');
    expect(await read(new EpubParser(), withoutPart(bytes, 'OPS/my page3.xhtml'))).toEqual({
      texts: ['Two', 'Half'],
      noticed: ['chapter 1 part.no-text', 'chapter 3 part.unreadable', 'chapter 4 part.unreadable'],
    });
  });
});

describe('PartReading', () => {
  it('keeps the first hundred and counts them all', () => {
    const reading = new PartReading('page');
    for (let number = 150; number >= 1; number--) reading.note(number, 'part.no-text');
    const notices = reading.notices(true);
    expect([notices?.total, notices?.items.length, notices?.items[99]?.number]).toEqual([150, 100, 100]);
  });

  it.each([new RangeError('too deep'), new AppError('document.too-complex')])(
    'lets pass what ends the document: %s',
    async (error) => {
      await expect(new PartReading('page').attempt(1, () => Promise.reject(error))).rejects.toBe(error);
    },
  );
});

describe('Notices of a parser', () => {
  const notice = { part: 'page', number: 2, code: 'part.no-text' };

  it('are taken without anything beside them', () => {
    const written = { total: 3, items: [{ ...notice, text: 'secret' }], more: 'secret' };
    expect(noticesIn(written)).toEqual({ total: 3, items: [notice] });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'page 2'],
    ['no list', { total: 1, items: notice }],
    ['an unknown part', { total: 1, items: [{ ...notice, part: 'Our prices' }] }],
    ['an inherited code', { total: 1, items: [{ ...notice, code: 'toString' }] }],
    ['no number', { total: 1, items: [{ ...notice, number: 'Our prices' }] }],
    ['half a number', { total: 1, items: [{ ...notice, number: 1.5 }] }],
    ['a number beyond all', { total: 1, items: [{ ...notice, number: 1e9 }] }],
    ['nothing in a list', { total: 1, items: [null] }],
  ])('are not believed when they are %s', (_name, written) => expect(noticesIn(written)).toBeUndefined());

  it.each<[string, unknown, number]>([
    ['less than are listed', 0, 1],
    ['no number', 'secret', 1],
    ['more than any document has', 1e12, 1],
  ])('are counted anew when their total is %s', (_name, total, expected) =>
    expect(noticesIn({ total, items: [notice] })?.total).toBe(expected),
  );

  it('are cut at a hundred', () => {
    const notices = noticesIn({ total: 200, items: Array(200).fill(notice) });
    expect([notices?.total, notices?.items.length]).toEqual([200, 100]);
  });
});
