import { describeDocumentParser } from '../../testing/describe-document-parser';
import { CsvParser } from './csv-parser';

const read = async (content: string | Buffer) => (await new CsvParser().parse(Buffer.from(content))).sections[0]?.text;

describeDocumentParser(
  'CsvParser',
  () => new CsvParser(),
  async () => ({
    bytes: Buffer.from('Plan,Price\nPro,20\nFree,0\n'),
    texts: ['Plan: Pro | Price: 20', 'Plan: Free | Price: 0'],
  }),
);

describe('CsvParser', () => {
  it.each([
    ['commas', 'Plan,Price\nPro,"20,50"\n', 'Plan | Price\nPlan: Pro | Price: 20,50'],
    ['semicolons', 'Plan;Price\r\nPro;20,50\r\n', 'Plan | Price\nPlan: Pro | Price: 20,50'],
    ['tabs', 'Plan\tPrice\nPro\t1,5\n', 'Plan | Price\nPlan: Pro | Price: 1,5'],
    ['a sign it names', 'sep=|\r\na,b|c\nd|e\n', 'a,b | c\na,b: d | c: e'],
    [
      'quotes',
      'Question,Answer\n"How, ""now""?","One\nTwo"\n',
      'Question | Answer\nQuestion: How, "now"? | Answer: One Two',
    ],
    ['rows of uneven length', 'a,b\nc\nd,e,f\n', 'a | b\na: c\na: d | b: e | f'],
    ['one column', 'First\nSecond\n', 'First\nSecond'],
    ['numbers only', '1,2\n3,4\n', '1 | 2\n3 | 4'],
    ['a stray quote', 'Size,Name\n5" screen,Pad\n', 'Size | Name\nSize: 5" screen | Name: Pad'],
    ['formulas, as text', 'Name,Total\n=SUM(A1),+1\n', 'Name | Total\nName: =SUM(A1) | Total: +1'],
  ])('reads %s', async (_name, content, expected) => {
    expect(await read(content)).toBe(expected);
  });

  it('reads old charsets', async () => {
    const japanese = Buffer.from('96bc914f2c944e97ee2c8f5a8f8a0d0a8db293a191be98592c33302c938c8b9e0d0a', 'hex');
    expect(await read(japanese)).toBe('名前 | 年齢 | 住所\n名前: 佐藤太郎 | 年齢: 30 | 住所: 東京');
  });

  it('refuses a row without end, and one of countless cells', async () => {
    const tooComplex = { code: 'document.too-complex' };
    await expect(read(`a,b\n"${'x'.repeat(1_100_000)}`)).rejects.toMatchObject(tooComplex);
    await expect(read(','.repeat(20_000))).rejects.toMatchObject(tooComplex);
  });
});
