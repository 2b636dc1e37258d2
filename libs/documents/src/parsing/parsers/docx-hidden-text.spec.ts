import { writeDocx } from '../../testing/write-docx';
import { DocxParser } from './docx-parser';

const NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const run = (text: string, properties = '') => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
const p = (runs: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr>${runs}</w:p>`;
const cell = (properties: string, body: string) => `<w:tc><w:tcPr>${properties}</w:tcPr>${body}</w:tc>`;
const table = (properties: string, ...cells: string[]) =>
  `<w:tbl><w:tblPr>${properties}</w:tblPr><w:tr>${cells.join('')}</w:tr></w:tbl>`;
const WHITE = '<w:color w:val="FFFFFF"/>';
const shade = (fill: string) => `<w:shd w:val="clear" w:color="auto" w:fill="${fill}"/>`;

async function read(body: string, styles = '') {
  const part = { name: 'word/styles.xml', content: `<w:styles ${NAMESPACE}>${styles}</w:styles>` };
  const { sections } = await new DocxParser().parse(writeDocx(body, [part]));
  const of = (isHidden: boolean) =>
    sections.filter((section) => (section.isHidden ?? false) === isHidden).map(({ text }) => text.trim());
  return { shown: of(false).join(' '), hidden: of(true).join(' ') };
}

describe('DocxParser: text that cannot be seen', () => {
  it.each([
    ['white letters', p(run('x', WHITE))],
    ['nearly white letters', p(run('x', '<w:color w:val="FDFDFD"/>'))],
    ['letters of the theme’s background', p(run('x', '<w:color w:themeColor="background1"/>'))],
    ['white letters on white', p(run('x', WHITE + shade('FFFFFF')))],
    ['white letters in a white cell', table('', cell(shade('FFFFFF'), p(run('x', WHITE))))],
    ['black letters on black', p(run('x', `<w:color w:val="000000"/>${shade('000000')}`))],
    ['letters of the paragraph’s colour', p(run('x', '<w:color w:val="1F3864"/>'), shade('1F3864'))],
    ['letters of two points', p(run('x', '<w:sz w:val="4"/>'))],
  ])('marks %s', async (_name, body) => {
    expect(await read(p(run('Shown')) + body)).toEqual({ shown: 'Shown', hidden: 'x' });
  });

  it.each([
    ['white letters on dark', p(run('x', WHITE + shade('1F3864')))],
    ['white letters on a marker', p(run('x', `${WHITE}<w:highlight w:val="darkBlue"/>`))],
    ['white letters in a dark paragraph', p(run('x', WHITE), shade('1F3864'))],
    ['white letters in a dark cell', table('', cell(shade('000000'), p(run('x', WHITE))))],
    ['white letters in a dark table', table(shade('000000'), cell('', p(run('x', WHITE))))],
    ['white letters in a table with a style', table('<w:tblStyle w:val="Dark"/>', cell('', p(run('x', WHITE))))],
    ['white letters on a pattern', p(run('x', `${WHITE}<w:shd w:val="pct50" w:fill="FFFFFF"/>`))],
    ['automatic letters', p(run('x', '<w:color w:val="auto"/>'), shade('000000'))],
    ['grey letters', p(run('x', '<w:color w:val="BFBFBF"/>'))],
    ['what was white before a change', p(run('x', `<w:rPrChange><w:rPr>${WHITE}</w:rPr></w:rPrChange>`))],
    ['a paragraph whose mark is white', p(run('x'), `<w:rPr>${WHITE}</w:rPr>`)],
    ['letters of three points', p(run('x', '<w:sz w:val="6"/>'))],
  ])('lets %s be seen', async (_name, body) => {
    expect(await read(p(run('Shown')) + body)).toEqual({ shown: expect.stringContaining('x'), hidden: '' });
  });

  it('sees no white where the page is dark, or a picture lies behind', async () => {
    const white = p(run('x', WHITE));
    expect((await read(`<w:background w:color="000000"/>${white}`)).hidden).toBe('');
    const picture = '<w:r><w:drawing><wp:anchor xmlns:wp="w" behindDoc="1"/></w:drawing></w:r>';
    expect((await read(p(picture) + white)).hidden).toBe('');
  });

  it('reads text boxes by themselves', async () => {
    const box = (inner: string) =>
      `<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>${inner}</w:txbxContent></v:textbox></v:shape></w:pict>`;
    const outer = `<w:r><w:rPr>${WHITE}</w:rPr>${box(p(run('x', WHITE)))}</w:r>`;
    expect(await read(p(outer))).toEqual({ shown: 'x', hidden: '' });
  });

  it('asks the styles, which a run can overrule', async () => {
    const styles = `<w:style w:type="paragraph" w:styleId="Base"><w:rPr>${WHITE}</w:rPr></w:style>
      <w:style w:type="paragraph" w:styleId="Child"><w:basedOn w:val="Base"/></w:style>
      <w:style w:type="paragraph" w:styleId="Banner"><w:basedOn w:val="Base"/><w:pPr>${shade('000000')}</w:pPr></w:style>
      <w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>`;
    const styled = (style: string, text: string, properties = '') =>
      p(run(text, properties), `<w:pStyle w:val="${style}"/>`);
    expect(
      await read(
        styled('Child', 'one') +
          styled('Child', 'two', '<w:color w:val="auto"/>') +
          styled('Banner', 'three') +
          p(run('four', '<w:rStyle w:val="Gone"/>')) +
          p(run('five', '<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>')),
        styles,
      ),
    ).toEqual({ shown: 'two\n\nthree\n\nfive', hidden: 'one\nfour' });
  });

  it('survives styles that are their own parents', async () => {
    const styles = '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style>';
    expect((await read(p(run('x'), '<w:pStyle w:val="A"/>'), styles)).shown).toBe('x');
  });
});
