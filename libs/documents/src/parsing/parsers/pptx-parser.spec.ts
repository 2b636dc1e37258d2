import { identifyFile } from '../../formats/file-identifier';
import { describeDocumentParser } from '../../testing/describe-document-parser';
import { relationships, shape, slideText, writePptx } from '../../testing/write-pptx';
import { PptxParser } from './pptx-parser';

const TITLE = '<p:ph type="title"/>';
const parse = (...parameters: Parameters<typeof writePptx>) => new PptxParser().parse(writePptx(...parameters));
const identify = (bytes: Buffer) => identifyFile([new PptxParser()], { fileName: 'a.pptx', mediaType: '', bytes });
const rels = (relation: string) => [{ name: 'ppt/slides/_rels/slide1.xml.rels', content: relation }];

describeDocumentParser(
  'PptxParser',
  () => new PptxParser(),
  async () => ({
    bytes: writePptx([
      shape(slideText('Five days.')) + shape(slideText('Refunds'), TITLE),
      shape(slideText('Cards'), TITLE) + shape(slideText('The same card.')),
    ]),
    texts: ['Refunds', 'Five days.', 'Cards', 'The same card.'],
  }),
);

describe('PptxParser', () => {
  it('puts each slide under its title and number, and no slide under the title of another', async () => {
    const parsed = await parse([
      shape(slideText('Refunds'), TITLE) + shape(slideText('Soon.')),
      shape(slideText('End')),
    ]);
    expect(parsed.pageCount).toBe(2);
    expect(parsed.sections).toEqual([
      { headingPath: ['Refunds'], page: 1, text: 'Soon.' },
      { headingPath: [], page: 2, text: 'End' },
    ]);
  });

  it('keeps lists and tables, and what repeats on every slide out', async () => {
    const list = shape(
      slideText('Open', '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>') +
        slideText('the menu', '<a:pPr lvl="1"><a:buChar char="•"/></a:pPr>') +
        slideText('Pay', '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'),
    );
    const outline = shape(slideText('One') + slideText('Two'), '<p:ph idx="1"/>');
    const cell = (text: string) => `<a:tc><a:txBody>${slideText(text)}</a:txBody></a:tc>`;
    const row = (...cells: string[]) => `<a:tr>${cells.map(cell).join('')}</a:tr>`;
    const table = `<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/>${row('Plan', 'Price')}${row('Pro', '20')}</a:tbl></p:graphicFrame>`;
    const { sections } = await parse([list + outline + table + shape(slideText('Page 7'), '<p:ph type="ftr"/>')]);
    expect(sections.map(({ text }) => text)).toEqual([
      '1. Open\n- the menu\n2. Pay\n\n- One\n- Two\n\nPlan | Price\nPlan: Pro | Price: 20',
    ]);
  });

  it('reads charts and diagrams, and alternatives once', async () => {
    const content = relationships(
      ['c', 'chart', '../charts/chart1.xml'],
      ['d', 'diagramData', '/ppt/diagrams/data1.xml'],
    );
    const chart =
      '<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:title><c:ser><c:tx><c:v>2024</c:v></c:tx><c:cat><c:pt idx="0"><c:v>Berlin</c:v></c:pt></c:cat><c:val><c:pt idx="0"><c:v>12</c:v></c:pt></c:val></c:ser></c:chart></c:chartSpace>';
    const { sections } = await parse(
      [
        `<mc:AlternateContent><mc:Choice>${shape(slideText('New'))}</mc:Choice><mc:Fallback>${shape(slideText('Old'))}</mc:Fallback></mc:AlternateContent><p:graphicFrame><c:chart r:id="c"/></p:graphicFrame><p:graphicFrame><dgm:relIds r:dm="d"/></p:graphicFrame>`,
      ],
      [
        ...rels(content),
        { name: 'ppt/charts/chart1.xml', content: chart },
        {
          name: 'ppt/diagrams/data1.xml',
          content: `<?xml version="1.0"?><dgm:dataModel>${slideText('Ask')}${slideText('Answer')}</dgm:dataModel>`,
        },
      ],
    );
    expect(sections[0]?.text).toBe('New\n\nSales\n\n2024\nBerlin | 2024: 12\n\n- Ask\n- Answer');
  });

  it('marks what a slide does not show', async () => {
    const off = '<a:xfrm><a:off x="99999999" y="0"/><a:ext cx="10" cy="10"/></a:xfrm>';
    const { sections } = await parse([
      shape(slideText('Shown')) +
        shape(slideText('Switched off'), '', 'hidden="1"') +
        shape(slideText('Beside'), '', '', off) +
        `<p:grpSp><p:cNvPr hidden="true"/>${shape(slideText('In a group'))}</p:grpSp>` +
        shape(slideText('Tiny', '', 'sz="100"')),
      `show="0"|${shape(slideText('Skipped'), TITLE)}`,
    ]);
    expect(sections.filter(({ isHidden }) => isHidden).map(({ text }) => text)).toEqual([
      'Switched off',
      'Beside',
      'In a group',
      'Tiny',
      'Skipped',
    ]);
    expect(sections.filter(({ isHidden }) => !isHidden).map(({ text }) => text)).toEqual(['Shown']);
  });

  it('leaves speaker notes and comments out', async () => {
    const notes = { name: 'ppt/notesSlides/notesSlide1.xml', content: `<p:notes>${slideText('Be quiet')}</p:notes>` };
    const comments = { name: 'ppt/comments/comment1.xml', content: '<p:cmLst><p:text>Wrong?</p:text></p:cmLst>' };
    const { sections } = await parse([shape(slideText('Shown'))], [notes, comments]);
    expect(sections.map(({ text }) => text)).toEqual(['Shown']);
  });

  it.each([
    ['macros', { name: 'ppt/vbaProject.bin', content: 'x' }, 'active-content'],
    [
      'a click that starts a program',
      { name: 'ppt/slides/x.xml', content: '<a action="ppaction://program"/>' },
      'active-content',
    ],
    [
      'a film from elsewhere',
      {
        name: 'ppt/slides/_rels/slide1.xml.rels',
        content: '<Relationship Type="x/video" Target="https://evil.example" TargetMode="External"/>',
      },
      'active-content',
    ],
    [
      'a chart that updates itself',
      { name: 'ppt/charts/chart1.xml', content: '<c:autoUpdate val="1"/>' },
      'active-content',
    ],
    ['entities', { name: 'ppt/slides/x.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><a/>' }, 'archive-unsafe'],
  ])('refuses %s', async (_name, part, code) => {
    await expect(identify(writePptx(['<a/>'], [part]))).rejects.toMatchObject({ code: `document.${code}` });
  });

  it('refuses a tower of elements', async () => {
    const tower = `${'<a:b>'.repeat(600)}${'</a:b>'.repeat(600)}`;
    await expect(parse([tower])).rejects.toMatchObject({ code: 'document.too-complex' });
  });
});
