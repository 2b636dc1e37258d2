import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { readZip, ZipBudget } from '../formats/zip-container';
import { isExecutable } from './executable-magic';
import { type ScanVerdict, VirusScanner } from './virus-scanner';

/** The EICAR test file (eicar.org, 2006), kept in halves so that scanners leave this source alone. */
const EICAR = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FS' + 'LVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
);
const ZIP_MAGIC = Buffer.from('PK\u0003\u0004');
/** What it calls a program. */
export const EXECUTABLE = 'Executable';
/** A document may hold a spreadsheet that holds a picture. Deeper archives are there to hide something. */
const MAX_DEPTH = 2;

/**
 * The scanner that is always there: the EICAR test string anywhere, also inside archives, and programs by their first
 * bytes. It knows no real malware; it keeps programs out and proves that a scan takes place.
 */
@Injectable()
export class PatternScanner extends VirusScanner {
  async scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict> {
    signal?.throwIfAborted();
    const signature = await find(await buffer(bytes), MAX_DEPTH, new ZipBudget());
    signal?.throwIfAborted();
    return signature === undefined ? { infected: false } : { infected: true, signature };
  }
}

async function find(content: Buffer, depth: number, budget: ZipBudget): Promise<string | undefined> {
  if (content.includes(EICAR)) return 'Eicar-Test-Signature';
  if (isExecutable(content)) return EXECUTABLE;
  if (depth === 0 || !content.subarray(0, 4).equals(ZIP_MAGIC)) return undefined;
  for await (const part of readZip(content, budget)) {
    const signature = await find(part.content, depth - 1, budget);
    if (signature !== undefined) return signature;
  }
  return undefined;
}
