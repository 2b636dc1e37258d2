import { Readable } from 'node:stream';
import type { VirusScanner } from '../scanning/virus-scanner';
import { eicar } from './eicar';

/** What every `VirusScanner` promises. `create` makes one that knows the EICAR test file. */
export function describeVirusScanner(name: string, create: () => Promise<VirusScanner>): void {
  describe(`${name} as a virus scanner`, () => {
    let scanner: VirusScanner;
    const scan = (...pieces: Buffer[]) => scanner.scan(Readable.from(pieces));

    beforeEach(async () => {
      scanner = await create();
    });

    it('finds nothing in ordinary text', async () => {
      expect(await scan(Buffer.from('Refunds take five working days.'))).toEqual({ infected: false });
    });

    it('finds the test file and names it', async () => {
      expect(await scan(eicar())).toEqual({ infected: true, signature: expect.stringMatching(/eicar/i) });
    });

    it('finds the test file behind other bytes and across pieces of the stream', async () => {
      const half = eicar().length / 2;
      const verdict = await scan(Buffer.alloc(2000, 'x'), eicar().subarray(0, half), eicar().subarray(half));
      expect(verdict.infected).toBe(true);
    });

    it('scans a file of ten megabytes', async () => {
      expect(await scan(...Array.from({ length: 10 }, () => Buffer.alloc(1024 * 1024, 'ab ')))).toEqual({
        infected: false,
      });
    });

    it('stops with the reason of the signal', async () => {
      const reason = new Error('enough');
      await expect(scanner.scan(Readable.from([eicar()]), AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
