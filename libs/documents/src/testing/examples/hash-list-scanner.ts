import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { sha256 } from '@app/crypto';
import { type ScanVerdict, VirusScanner } from '../../scanning/virus-scanner';

/** Knows malware by the SHA-256 of the whole file, in hexadecimal. */
export class HashListScanner extends VirusScanner {
  constructor(private readonly malware: ReadonlySet<string>) {
    super();
  }

  async scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict> {
    signal?.throwIfAborted();
    const hash = sha256(await buffer(bytes)).toString('hex');
    return this.malware.has(hash) ? { infected: true, signature: `hash-list:${hash}` } : { infected: false };
  }
}
