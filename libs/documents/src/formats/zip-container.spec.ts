import { writeZip, type ZipFileEntry } from '../testing/write-zip';
import { readZip, ZipBudget } from './zip-container';

async function read(bytes: Buffer, budget?: ZipBudget): Promise<Record<string, string>> {
  const parts: Record<string, string> = {};
  for await (const { name, content } of readZip(bytes, budget)) parts[name] = content.toString();
  return parts;
}
const unsafe = expect.objectContaining({ code: 'document.archive-unsafe' });

describe('readZip', () => {
  it('reads every file', async () => {
    expect(
      await read(
        writeZip([
          { name: 'a/b.txt', content: 'one' },
          { name: 'ü', content: '' },
        ]),
      ),
    ).toEqual({
      'a/b.txt': 'one',
      ü: '',
    });
  });

  it('takes nothing whose checksum is wrong', async () => {
    const damaged = writeZip([{ name: 'a.txt', content: 'Returns cost 10 euro.', claimedCrc32: 7 }]);
    await expect(read(damaged)).rejects.toMatchObject({ code: 'document.corrupt' });
  });

  it.each<[string, ZipFileEntry[]]>([
    ['a path out of the archive', [{ name: '../../etc/cron.d/x', content: '' }]],
    ['an absolute path', [{ name: '/etc/passwd', content: '' }]],
    ['a Windows path', [{ name: 'C:\\x', content: '' }]],
    ['a backslash', [{ name: 'a\\..\\b', content: '' }]],
    ['a link', [{ name: 'link', content: '/etc/passwd', externalAttributes: 0o120777 << 16 }]],
    [
      'the same name twice',
      [
        { name: 'word/document.xml', content: 'a' },
        { name: 'Word/Document.xml', content: 'b' },
      ],
    ],
    ['more bytes than it says', [{ name: 'a', content: 'x'.repeat(5000), claimedBytes: 100 }]],
    ['fewer bytes than it says', [{ name: 'a', content: 'x', claimedBytes: 100 }]],
    ['an entry over 50 MB', [{ name: 'a', content: 'x', claimedBytes: 50 * 1024 * 1024 + 1 }]],
    ['a ratio over 200', [{ name: 'a', content: Buffer.alloc(4 * 1024 * 1024) }]],
    ['too many entries', Array.from({ length: 2001 }, (_, i) => ({ name: `${i}`, content: '' }))],
  ])('refuses %s', async (_name, entries) => {
    await expect(read(writeZip(entries))).rejects.toThrow(unsafe);
  });

  it('refuses encrypted entries', async () => {
    await expect(read(writeZip([{ name: 'a', content: 'x', flags: 1 }]))).rejects.toMatchObject({
      code: 'document.encrypted',
    });
  });

  it('refuses entries that share bytes', async () => {
    const zip = writeZip([
      { name: 'a', content: 'first' },
      { name: 'b', content: 'other' },
    ]);
    // The second entry of the directory points at the first one's bytes.
    const second = zip.lastIndexOf('PK\u0001\u0002');
    zip.writeUInt32LE(0, second + 42);
    zip.write('a', second + 46);
    await expect(read(zip)).rejects.toThrow(unsafe);
  });

  it('refuses bytes before the archive and a second directory behind it', async () => {
    const zip = writeZip([{ name: 'a', content: 'x' }]);
    await expect(read(Buffer.concat([Buffer.from('MZ'), zip]))).rejects.toThrow(unsafe);
    await expect(read(writeZip([{ name: 'a', content: 'x' }], 'PK\u0005\u0006'.padEnd(22, '\0')))).rejects.toThrow(
      unsafe,
    );
  });

  it('calls what is no archive, or half of one, corrupt', async () => {
    const zip = writeZip([{ name: 'a', content: 'x' }]);
    await expect(read(zip.subarray(0, zip.length - 10))).rejects.toMatchObject({ code: 'document.corrupt' });
  });

  it('shares one budget between an archive and those inside it', async () => {
    const budget = new ZipBudget();
    budget.take(99 * 1024 * 1024);
    const large = writeZip([
      { name: 'a', content: Buffer.from(Array.from({ length: 2 * 1024 * 1024 }, (_, i) => (i * i) % 251)) },
    ]);
    await expect(read(large, budget)).rejects.toThrow(unsafe);
  });
});
