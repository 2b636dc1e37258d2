import type { WebContent } from '@app/web-fetch';
import { ACCEPTED_TYPES, fileOf } from './page-file';

const content = (
  url: string,
  mediaType = 'text/html',
  bytes: string | Buffer = '<p>x',
  charset?: string,
): WebContent => ({
  ...{ kind: 'content', url, mediaType, bytes: Buffer.from(bytes), isCut: false, validators: {} },
  ...(charset !== undefined && { charset }),
});
const nameOf = (url: string, mediaType?: string): string => fileOf(content(url, mediaType)).fileName;

describe('A page as a file', () => {
  it.each([
    ['https://docs.example.com/', 'text/html', 'docs.example.com.html'],
    ['https://docs.example.com/help/returns', 'text/html', 'returns.html'],
    ['https://docs.example.com/help/returns/?a=b', 'text/html', 'returns.html'],
    ['https://docs.example.com/index.php', 'text/html', 'index.php.html'],
    ['https://docs.example.com/index.htm', 'application/xhtml+xml', 'index.htm'],
    ['https://docs.example.com/R%C3%BCckgabe', 'text/html', 'Rückgabe.html'],
    ['https://docs.example.com/%E0%A4%A', 'text/html', '%E0%A4%A.html'],
    ['https://docs.example.com/..%2f..%2fetc%2fpasswd', 'text/html', 'passwd.html'],
    ['https://docs.example.com/manual', 'application/pdf', 'manual.pdf'],
    ['https://docs.example.com/notes.md', 'text/plain', 'notes.md'],
    ['https://docs.example.com/notes', 'text/plain', 'notes.txt'],
    ['https://docs.example.com/a.pdf', 'text/html', 'a.pdf.html'],
  ])('%s as %s is %s', (url, mediaType, name) => expect(nameOf(url, mediaType)).toBe(name));

  it('is read in the encoding that the site says, whatever the page says', () => {
    const page = Buffer.from('<meta charset=utf-8><p>Gr\xfc\xdfe', 'latin1');
    const { bytes } = fileOf(content('https://example.com/', 'text/html', page, 'iso-8859-1'));
    expect(bytes.toString()).toBe('\ufeff<meta charset=utf-8><p>Grüße');
    const same = Buffer.from('<p>Grüße');
    expect(fileOf(content('https://example.com/', 'text/html', same, 'utf-8')).bytes).toEqual(same);
    expect(fileOf(content('https://example.com/', 'text/html', same, 'no-such-thing')).bytes).toEqual(same);
  });

  it('is not what is no page', () => {
    expect(ACCEPTED_TYPES).toContain('application/pdf');
    expect(ACCEPTED_TYPES).not.toContain('application/zip');
    expect(() => fileOf(content('https://example.com/a.png', 'image/png'))).toThrow('not of a type');
  });
});
