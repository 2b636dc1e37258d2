import { Readable } from 'node:stream';
import { describeVirusScanner } from '../testing/describe-virus-scanner';
import { eicar } from '../testing/eicar';
import { FakeVirusScanner } from '../testing/fake-virus-scanner';
import { paragraph, writeDocx } from '../testing/write-docx';
import { writeZip } from '../testing/write-zip';
import { AllScanners } from './all-scanners';
import { PatternScanner } from './pattern-scanner';

describeVirusScanner('PatternScanner', async () => new PatternScanner());
describeVirusScanner('AllScanners', async () => new AllScanners([new PatternScanner(), new FakeVirusScanner()]));
describeVirusScanner('FakeVirusScanner', async () => new FakeVirusScanner(['EICAR']));

describe('PatternScanner', () => {
  const scan = (bytes: Buffer) => new PatternScanner().scan(Readable.from([bytes]));

  it('looks inside Word documents and archives inside them', async () => {
    const picture = { name: 'word/media/image1.png', content: eicar() };
    expect(await scan(writeDocx(paragraph('Refunds'), [picture]))).toMatchObject({ infected: true });
    const sheet = { name: 'word/embeddings/sheet.xlsx', content: writeZip([{ name: 'xl/a.bin', content: eicar() }]) };
    expect(await scan(writeDocx(paragraph('Refunds'), [sheet]))).toMatchObject({ infected: true });
  });

  it('finds programs', async () => {
    const windows = Buffer.alloc(256);
    windows.write('MZ');
    windows.writeUInt32LE(128, 0x3c);
    windows.write('PE', 128);
    expect(await scan(windows)).toEqual({ infected: true, signature: 'Executable' });
    expect(await scan(Buffer.from('cafebabe00000034', 'hex'))).toMatchObject({ infected: true });
  });

  it('says that it cannot tell when an archive is built to hide', async () => {
    const zip = writeZip([{ name: 'a', content: 'x'.repeat(5000), claimedBytes: 10 }]);
    await expect(scan(zip)).rejects.toMatchObject({ code: 'document.archive-unsafe' });
  });
});

describe('AllScanners', () => {
  it('cannot tell when one of them cannot', async () => {
    const away = new FakeVirusScanner();
    away.isAvailable = false;
    const both = new AllScanners([new PatternScanner(), away]);
    await expect(both.scan(Readable.from([Buffer.from('text')]))).rejects.toMatchObject({
      code: 'document.scan-unavailable',
    });
  });
});
