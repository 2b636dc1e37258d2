import { Readable } from 'node:stream';
import { describeVirusScanner } from '../testing/describe-virus-scanner';
import { eicar } from '../testing/eicar';
import { LocalClamd, whyNoClamd } from '../testing/local-clamd';
import { paragraph, writeDocx } from '../testing/write-docx';
import { writeZip } from '../testing/write-zip';
import { ClamdScanner } from './clamd-scanner';

const MAX_STREAM_BYTES = 12_000_000;
const unavailable = { code: 'document.scan-unavailable' };
const title = 'ClamdScanner and the real clamd (A13)';

(whyNoClamd ? describe.skip : describe)(whyNoClamd ? `${title} — ${whyNoClamd}` : title, () => {
  let clamd: LocalClamd;
  let scanner: ClamdScanner;
  const scan = (bytes: Buffer) => scanner.scan(Readable.from([bytes]));

  beforeAll(async () => {
    clamd = await LocalClamd.create({ maxStreamBytes: MAX_STREAM_BYTES });
    await clamd.start();
    scanner = new ClamdScanner(clamd.address);
  }, 30_000);
  afterAll(() => clamd.dispose());

  describeVirusScanner('ClamdScanner with clamd', async () => scanner);

  const image = { name: 'word/media/image1.png', content: eicar() };
  it.each([
    ['alone', () => eicar()],
    ['in a ZIP', () => writeZip([{ name: 'a.txt', content: eicar() }])],
    ['in a picture of a Word document', () => writeDocx(paragraph('An ordinary letter.'), [image])],
    ['behind other bytes', () => Buffer.concat([Buffer.alloc(2000, 7), eicar()])],
  ])('finds the test file %s', async (_name, bytes) => {
    expect(await scan(bytes())).toEqual({ infected: true, signature: expect.stringMatching(/eicar/i) });
  });

  it('takes a document without it for clean', async () => {
    expect(await scan(writeDocx(paragraph('An ordinary letter.')))).toEqual({ infected: false });
  });

  it('does not take a file over the limit of the engine for clean', async () => {
    expect(await scan(Buffer.alloc(MAX_STREAM_BYTES, 'ab '))).toEqual({ infected: false });
    await expect(scan(Buffer.alloc(MAX_STREAM_BYTES + 1, 'ab '))).rejects.toMatchObject(unavailable);
    await expect(scan(Buffer.alloc(MAX_STREAM_BYTES * 3, 'ab '))).rejects.toMatchObject(unavailable);
  });

  it('cannot tell when the engine dies in mid-scan, and can when it is back', async () => {
    async function* dyingWhileRead(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1_000_000, 'ab ');
      await clamd.stop();
      yield Buffer.alloc(1_000_000, 'ab ');
    }
    await expect(scanner.scan(Readable.from(dyingWhileRead()))).rejects.toMatchObject(unavailable);
    await expect(scan(Buffer.from('x'))).rejects.toMatchObject(unavailable);
    await clamd.start();
    expect(await scan(Buffer.from('x'))).toEqual({ infected: false });
    expect((await scan(eicar())).infected).toBe(true);
  });

  it('cannot tell when the engine has no signatures: it does not start without', async () => {
    const empty = await LocalClamd.create({ hasDatabase: false });
    await expect(empty.start()).rejects.toThrow(/database/i);
    const verdict = new ClamdScanner(empty.address).scan(Readable.from([eicar()]));
    await expect(verdict).rejects.toMatchObject(unavailable);
    await empty.dispose();
  });
});
