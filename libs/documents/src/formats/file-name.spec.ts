import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attachmentHeader, cleanFileName, extensionOf, titleFromFileName } from './file-name';

const CASES = resolve(__dirname, '../../../../../shared/data/attack/own/filenames.json');
const hasCases = existsSync(CASES);

describe('file names', () => {
  it.each([
    ['Refund policy.pdf', 'Refund policy.pdf'],
    ['R&D – Größe (v1.2).md', 'R&D – Größe (v1.2).md'],
    ['払い戻し.docx', '払い戻し.docx'],
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['a\r\nX-Injected: 1.pdf', 'aX-Injected_ 1.pdf'],
    ['a\u0000.pdf', 'a.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u200b.pdf', 'a.pdf'],
    ['a.pdf. .', 'a.pdf'],
    ['NUL.txt', '_NUL.txt'],
    ['con', '_con'],
    ['<img src=x onerror=alert(1)>.txt', '_img src=x onerror=alert(1)_.txt'],
    ['', 'document'],
    ['...', 'document'],
  ])('cleans %j to %j', (raw, clean) => {
    expect(cleanFileName(raw)).toBe(clean);
  });

  it('shortens a long name and keeps its extension', () => {
    const name = cleanFileName(`${'ä'.repeat(5000)}.pdf`);
    expect(name).toMatch(/^ä+\.pdf$/);
    expect([...name].length).toBe(120);
  });

  it.each([
    ['a.PDF', 'pdf'],
    ['a.pdf.php', 'php'],
    ['a.tar.gz', 'gz'],
    ['.htaccess', ''],
    ['README', ''],
  ])('sees the last extension of %j: %j', (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });

  it('makes a title of a file name', () => {
    expect(titleFromFileName('refund_policy-2026.pdf')).toBe('refund policy 2026');
  });

  it('offers a download under an ASCII name and the real one', () => {
    expect(attachmentHeader('Größe "1" 100%.pdf')).toBe(
      `attachment; filename="Gr__e _1_ 100_.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20_1_%20100%25.pdf`,
    );
  });

  const hostile = hasCases
    ? (JSON.parse(readFileSync(CASES, 'utf8')) as { id: string; name: string }[]) // checked by use below
    : [];
  (hasCases ? it.each(hostile) : it.skip.each([{ id: '(shared data is not here)', name: '' }]))(
    'makes nothing dangerous of $id',
    ({ name }) => {
      const clean = cleanFileName(name);
      expect(clean).not.toMatch(/[\\/\p{Cc}\p{Cf}<>:"|?*]/u);
      expect(clean).not.toMatch(/^\.\.?$|[. ]$/);
      expect([...clean].length).toBeLessThanOrEqual(121);
      expect(join('/store', clean).startsWith('/store/')).toBe(true);
      expect(attachmentHeader(name)).toMatch(/^attachment; filename="[ -~]*"; filename\*=UTF-8''[\w.!#$&+^`|~%-]*$/);
      expect(cleanFileName(clean)).toBe(clean);
    },
  );
});
