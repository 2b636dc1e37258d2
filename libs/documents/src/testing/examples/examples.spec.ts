import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { sha256 } from '@app/crypto';
import { describeDocumentParser } from '../describe-document-parser';
import { HashListScanner } from './hash-list-scanner';
import { SubtitleParser } from './subtitle-parser';

describeDocumentParser(
  'SubtitleParser',
  () => new SubtitleParser(),
  async () => ({
    bytes: Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\nRefunds take five days.'),
    texts: ['Refunds take five days.'],
  }),
);

describe('The examples in docs/extension-points.md', () => {
  const page = readFileSync(resolve(__dirname, '../../../../../docs/extension-points.md'), 'utf8');

  it.each(['subtitle-parser.ts', 'hash-list-scanner.ts'])('show %s as it compiles', (file) => {
    const source = readFileSync(resolve(__dirname, file), 'utf8');
    expect(page).toContain(source.slice(source.indexOf('export class')).trim());
  });

  it('find a file by its hash', async () => {
    const scanner = new HashListScanner(new Set([sha256('bad').toString('hex')]));
    expect(await scanner.scan(Readable.from([Buffer.from('bad')]))).toMatchObject({ infected: true });
    expect(await scanner.scan(Readable.from([Buffer.from('good')]))).toEqual({ infected: false });
  });
});
