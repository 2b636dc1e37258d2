import { identifyFile } from '../../formats/file-identifier';
import { describeDocumentParser } from '../../testing/describe-document-parser';
import { writeZip, type ZipFileEntry } from '../../testing/write-zip';
import { OdtParser } from './odt-parser';

const MANIFEST = { name: 'META-INF/manifest.xml', content: '<manifest:manifest/>' };
const writeOdt = (body: string, styles = '', extra: readonly ZipFileEntry[] = [MANIFEST]): Buffer =>
  writeZip([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' },
    {
      name: 'content.xml',
      content: `<?xml version="1.0"?><office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
    ...extra,
  ]);
const parse = async (body: string, styles?: string) => (await new OdtParser().parse(writeOdt(body, styles))).sections;
const identify = (bytes: Buffer) => identifyFile([new OdtParser()], { fileName: 'a.odt', mediaType: '', bytes });

describeDocumentParser(
  'OdtParser',
  () => new OdtParser(),
  async () => ({
    bytes: writeOdt(
      '<text:h text:outline-level="1">Refunds</text:h><text:p>Five days.</text:p><text:h text:outline-level="2">Cards</text:h><text:p>The same card.</text:p>',
    ),
    texts: ['Refunds', 'Five days.', 'Cards', 'The same card.'],
  }),
);

describe('OdtParser', () => {
  it('keeps the meaning of headings, lists, tables, blanks and notes', async () => {
    const styles =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>';
    const cells = (...texts: string[]): string =>
      `<table:table-row>${texts.map((text) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`).join('')}</table:table-row>`;
    const item = (inner: string): string => `<text:list-item>${inner}</text:list-item>`;
    const sections = await parse(
      `<text:p text:style-name="Title">Manual</text:p><text:p>A<text:s text:c="2"/>b<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note> c</text:p>
      <text:list text:style-name="L1">${item('<text:p>Open</text:p><text:list><text:list-item><text:p>the menu</text:p></text:list-item></text:list>')}${item('<text:p>Pay</text:p>')}</text:list>
      <table:table>${cells('Plan', 'Price')}${cells('Pro', '20')}</table:table>`,
      styles,
    );
    expect(sections).toEqual([
      {
        headingPath: ['Manual'],
        text: 'A  b c\n\nA note.\n\n1. Open\n- the menu\n2. Pay\n\nPlan | Price\nPlan: Pro | Price: 20',
      },
    ]);
  });

  it('marks what is not shown, and leaves remarks and deleted text out', async () => {
    const styles =
      '<style:style style:name="Base"><style:text-properties text:display="none"/></style:style><style:style style:name="Child" style:parent-style-name="Base"/><style:style style:name="Tiny"><style:text-properties fo:font-size="1pt"/></style:style>';
    const sections = await parse(
      `<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
      <text:p>Shown<office:annotation><text:p>remark</text:p></office:annotation> <text:span text:style-name="Tiny">tiny</text:span></text:p>
      <text:p text:style-name="Child">by style</text:p><text:section text:display="none"><text:p>in a section</text:p></text:section>`,
      styles,
    );
    expect(sections.filter(({ isHidden }) => isHidden).map(({ text }) => text)).toEqual([
      'tiny',
      'by style',
      'in a section',
    ]);
    expect(sections.filter(({ isHidden }) => !isHidden).map(({ text }) => text)).toEqual(['Shown']);
  });

  describe('colours', () => {
    const style = (name: string, properties: string, rest = '') =>
      `<style:style style:name="${name}" ${rest}>${properties}</style:style>`;
    const letters = (colour: string, rest = '') => `<style:text-properties fo:color="${colour}" ${rest}/>`;
    const STYLES =
      style('White', letters('#ffffff')) +
      style('Child', '', 'style:parent-style-name="White"') +
      style('Black', letters('#000000')) +
      style('OnDark', letters('#ffffff', 'fo:background-color="#112233"')) +
      style('Auto', letters('#ffffff', 'style:use-window-font-color="true"')) +
      style('DarkCell', '<style:table-cell-properties fo:background-color="#000000"/>') +
      style('DarkParagraph', '<style:paragraph-properties fo:background-color="#000000"/>');
    const span = (name: string, text: string) => `<text:span text:style-name="${name}">${text}</text:span>`;
    const table = (cellStyle: string, inner: string) =>
      `<table:table><table:table-row><table:table-cell table:style-name="${cellStyle}"><text:p>${inner}</text:p></table:table-cell></table:table-row></table:table>`;
    const hiddenIn = async (body: string, extra: readonly ZipFileEntry[] = [MANIFEST]) =>
      (await new OdtParser().parse(writeOdt(body, STYLES, extra))).sections
        .filter(({ isHidden }) => isHidden)
        .map(({ text }) => text);

    it.each([
      ['white letters', `<text:p>a ${span('White', 'x')} b</text:p>`],
      ['white by a parent', `<text:p>a ${span('Child', 'x')}</text:p>`],
      ['the white part of a paragraph', `<text:p text:style-name="White">x${span('Black', 'shown')}</text:p>`],
      ['white in a cell', table('', span('White', 'x'))],
      ['black on black', table('DarkCell', span('Black', 'x'))],
    ])('mark %s', async (_name, body) => {
      expect(await hiddenIn(body)).toEqual(['x']);
    });

    it.each([
      ['white on its own dark', `<text:p>${span('OnDark', 'x')}</text:p>`],
      ['white in a dark cell', table('DarkCell', span('White', 'x'))],
      ['white in a dark paragraph', `<text:p text:style-name="DarkParagraph">${span('White', 'x')}</text:p>`],
      ['letters the reader colours', `<text:p>${span('Auto', 'x')}</text:p>`],
      [
        'white in a shape',
        `<text:p><draw:custom-shape><text:p>${span('White', 'x')}</text:p></draw:custom-shape></text:p>`,
      ],
    ])('let %s be seen', async (_name, body) => {
      expect(await hiddenIn(body)).toEqual([]);
    });

    it('are not judged on pages that are dark or have pictures', async () => {
      const page = (properties: string) => ({
        name: 'styles.xml',
        content: `<a><style:page-layout>${properties}</style:page-layout></a>`,
      });
      const body = `<text:p>${span('White', 'x')}</text:p>`;
      expect(
        await hiddenIn(body, [MANIFEST, page('<style:page-layout-properties fo:background-color="#ffffff"/>')]),
      ).toEqual(['x']);
      expect(
        await hiddenIn(body, [MANIFEST, page('<style:page-layout-properties fo:background-color="#001122"/>')]),
      ).toEqual([]);
      expect(await hiddenIn(body, [MANIFEST, page('<style:background-image xlink:href="Pictures/a.png"/>')])).toEqual(
        [],
      );
    });
  });

  it.each<[string, ZipFileEntry, string]>([
    ['macros', { name: 'Basic/Standard/Module1.xml', content: '<a/>' }, 'active-content'],
    ['scripts', { name: 'Scripts/python/a.py', content: 'x' }, 'active-content'],
    [
      'a picture from elsewhere',
      { name: 'styles.xml', content: '<draw:image xlink:href="https://evil.example/a"/>' },
      'active-content',
    ],
    [
      'a section of another file',
      { name: 'styles.xml', content: '<text:section-source xlink:href="../b.odt"/>' },
      'active-content',
    ],
    [
      'a link that runs a script',
      { name: 'styles.xml', content: '<text:a xlink:href="vnd.sun.star.script:a"/>' },
      'active-content',
    ],
    [
      'an encoded address',
      { name: 'styles.xml', content: '<draw:image xlink:href="&#104;ttp&#58;//a"/>' },
      'active-content',
    ],
    ...['href="a" xlink:href="https://evil.example/a"', 'x:href="a" xlink:href="https://evil.example/a"'].map(
      (attributes): [string, ZipFileEntry, string] => [
        `an address beside a harmless one: ${attributes}`,
        { name: 'styles.xml', content: `<draw:image ${attributes}/>` },
        'active-content',
      ],
    ),
    ['a password', { name: 'META-INF/manifest.xml', content: '<manifest:encryption-data/>' }, 'encrypted'],
    ['entities', { name: 'styles.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><a/>' }, 'archive-unsafe'],
  ])('refuses %s', async (_name, part, code) => {
    await expect(identify(writeOdt('', '', [part]))).rejects.toMatchObject({ code: `document.${code}` });
  });

  it('allows links, pictures inside and the index of no macros', async () => {
    const body =
      '<text:p><text:a xlink:href="https://a.example">a</text:a><draw:image xlink:href="Pictures/a.png"/></text:p>';
    const index = {
      name: 'Basic/Standard/script-lb.xml',
      content: '<!DOCTYPE library:library PUBLIC "a" "b.dtd"><a/>',
    };
    await expect(identify(writeOdt(body, '', [index]))).resolves.toBeInstanceOf(OdtParser);
  });

  it('refuses another kind of OpenDocument', async () => {
    const sheet = writeZip([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' }]);
    await expect(identify(sheet)).rejects.toMatchObject({ code: 'document.type-mismatch' });
  });
});
