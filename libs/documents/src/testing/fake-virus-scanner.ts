import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@app/kernel';
import { type ScanVerdict, VirusScanner } from '../scanning/virus-scanner';

/** Finds what a test says is malware; can be switched off, as an engine that is away. */
export class FakeVirusScanner extends VirusScanner {
  isAvailable = true;

  constructor(public malware: readonly string[] = []) {
    super();
  }

  async scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict> {
    signal?.throwIfAborted();
    if (!this.isAvailable) throw new AppError('document.scan-unavailable');
    const content = await buffer(bytes);
    const found = this.malware.find((text) => content.includes(text));
    return found === undefined ? { infected: false } : { infected: true, signature: found };
  }
}
