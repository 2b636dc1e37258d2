import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type ScanVerdict, VirusScanner } from './virus-scanner';

/** Asks several engines; one that finds something is enough, and all must have been able to tell. */
export class AllScanners extends VirusScanner {
  constructor(private readonly scanners: readonly VirusScanner[]) {
    super();
  }

  async scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict> {
    const content = await buffer(bytes);
    for (const scanner of this.scanners) {
      const verdict = await scanner.scan(Readable.from([content]), signal);
      if (verdict.infected) return verdict;
    }
    return { infected: false };
  }
}
