import { identifyFile } from '../../formats/file-identifier';
import { describeDocumentParser } from '../../testing/describe-document-parser';
import { RtfParser } from './rtf-parser';

const rtf = (body: string): Buffer => Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\deff0${body}}`, 'latin1');
const parse = (body: string) => new RtfParser().parse(rtf(body));
const text = async (body: string) => (await parse(body)).sections.map(({ text: own }) => own).join('\n--\n');
const identify = (bytes: Buffer) => identifyFile([new RtfParser()], { fileName: 'a.rtf', mediaType: '', bytes });

describeDocumentParser(
  'RtfParser',
  () => new RtfParser(),
  async () => ({
    bytes: rtf(
      '{\\stylesheet{\\s1 heading 1;}}\\pard\\s1 Refunds\\par\\pard Five days.\\par{\\pard\\outlinelevel1 Cards\\par}\\pard The same card.\\par',
    ),
    texts: ['Refunds', 'Five days.', 'Cards', 'The same card.'],
  }),
);

describe('RtfParser', () => {
  it('finds headings by style and by outline level', async () => {
    const { sections } = await parse(
      '{\\stylesheet{\\s0 Normal;}{\\s3\\b heading 2;}}\\pard\\outlinelevel0 A\\par\\pard\\s3 B\\par\\pard c\\par',
    );
    expect(sections).toEqual([{ headingPath: ['A', 'B'], text: 'c' }]);
  });

  it.each([
    ['escaped bytes', "caf\\'e9 \\'80 5", 'café € 5'],
    ['Unicode with its fallback', '\\u8364? \\uc2\\u-10179ab\\u-8704cd x\\uc0\\u233 y', '€ 😀 xéy'],
    ['half a pair', 'a\\u-10179? b', 'a  b'],
    ['a negative count of fallbacks', '\\uc-1\\u233 abc', 'éabc'],
    ['a fallback of escaped bytes', "\\uc2\\u21517\\'96\\'bc!", '名!'],
    ['two bytes a letter, by the font', "{\\fonttbl{\\f1\\fcharset128 Mincho;}}\\f1\\'96\\'bc\\'91O", '名前'],
    ['signs', 'a\\emdash b\\~c\\tab d\\_e \\{f\\}', 'a—b c\td-e {f}'],
    ['a line in a paragraph', 'a\\line b\\par c', 'a\nb\n\nc'],
    ['binary data', '{\\*\\shppict{\\pict\\bin5 }}}}}x}}y', 'y'],
  ])('reads %s', async (_name, body, expected) => {
    expect(await text(body)).toBe(expected);
  });

  it('keeps lists, tables and notes', async () => {
    const item = (marker: string, words: string): string => `\\pard{\\listtext\\tab ${marker}\\tab}${words}\\par`;
    const row = (...cells: string[]): string => `\\trowd\\pard\\intbl ${cells.join('\\cell ')}\\cell\\row`;
    expect(
      await text(
        `${item('1.', 'Open')}${item("\\'b7", 'the menu')}${item('2.', 'Pay')}${row('Plan', 'Price')}${row('Pro', '20')}\\pard End{\\footnote A note.} here\\par`,
      ),
    ).toBe('1. Open\n- the menu\n2. Pay\n\nPlan | Price\nPlan: Pro | Price: 20\n\nEnd here\n\nA note.');
  });

  it('marks hidden and tiny text', async () => {
    const { sections } = await parse('Shown {\\v hidden\\v0  again}{\\fs2 tiny}\\par');
    expect(sections).toEqual([
      { headingPath: [], text: 'hiddentiny', isHidden: true },
      { headingPath: [], text: 'Shown  again' },
    ]);
  });

  describe('colours', () => {
    const TABLE = '{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue0;\\red250\\green250\\blue250;}';
    const hiddenIn = async (body: string) =>
      (await parse(TABLE + body)).sections.filter(({ isHidden }) => isHidden).map(({ text: own }) => own);

    it.each([
      ['white letters', 'Shown {\\cf1 x}\\par'],
      ['nearly white letters', 'Shown {\\cf3 x}\\par'],
      ['white until plain', '\\cf1 x\\plain shown\\par'],
      ['white on white', '{\\cf1\\chcbpat1 x}\\par'],
      ['black on black', '{\\cf2\\highlight2 x}\\par'],
      ['white in a cell', '\\trowd\\cellx100\\intbl{\\cf1 x}\\cell\\row'],
      [
        'white after a dark row',
        '\\trowd\\clcbpat2\\cellx100\\intbl a\\cell\\row\\trowd\\cellx100\\intbl{\\cf1 x}\\cell\\row',
      ],
    ])('mark %s', async (_name, body) => {
      expect(await hiddenIn(body)).toEqual(['x']);
    });

    it.each([
      ['letters the reader colours', '{\\cf0 x}\\par'],
      ['letters the reader colours, on black', '{\\cf0\\chcbpat2 x}\\par'],
      ['a colour that is not in the table', '{\\cf9 x}\\par'],
      ['white on black', '{\\cf1\\chcbpat2 x}\\par'],
      ['white in a dark paragraph', '\\pard\\cbpat2{\\cf1 x}\\par'],
      ['white in a dark cell', '\\trowd\\clcbpat2\\cellx100\\intbl{\\cf1 x}\\cell\\row'],
      ['white in a text box', '{\\shp{\\*\\shpinst{\\shptxt{\\cf1 x}\\par}}}'],
      ['white on a coloured page', '\\viewbksp1{\\cf1 x}\\par'],
      ['blanks', 'a{\\cf1  }b\\par'],
    ])('let %s be seen', async (_name, body) => {
      expect(await hiddenIn(body)).toEqual([]);
    });
  });

  it('takes its title, and leaves out what is no text of the document', async () => {
    const parsed = await parse(
      '{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\info{\\title Manual}{\\author Ann}}{\\header Page}{\\*\\unknown secret}{\\pict 0102}{\\deleted old}{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt link}}',
    );
    expect(parsed).toEqual({ title: 'Manual', sections: [{ headingPath: [], text: 'link' }] });
  });

  it('reads text boxes', async () => {
    expect(await text('{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt Boxed\\par}}}After')).toBe('Boxed\n\nAfter');
  });

  it.each([
    ['an object that updates itself', '{\\object\\objautlink\\objupdate{\\*\\objdata 01}}'],
    ['a packaged file', `{\\object\\objemb{\\*\\objdata ${Buffer.from('xPackage\0').toString('hex')}}}`],
    ['a call to another program', '{\\field{\\*\\fldinst DDEAUTO c:\\\\cmd.exe "/k calc"}}'],
    ['a template from elsewhere', '{\\*\\template http://evil.example/a.dotm}'],
  ])('refuses %s', async (_name, body) => {
    await expect(identify(rtf(body))).rejects.toMatchObject({ code: 'document.active-content' });
  });

  it('refuses a tower of groups, and survives groups that are never opened or closed', async () => {
    await expect(parse('{'.repeat(2000))).rejects.toMatchObject({ code: 'document.too-complex' });
    expect(await text('}}}}a{\\b b')).toBe('ab');
  });
});
