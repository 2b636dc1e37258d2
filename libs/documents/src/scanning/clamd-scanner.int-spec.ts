import { Readable } from 'node:stream';
import { describeVirusScanner } from '../testing/describe-virus-scanner';
import { FakeClamd } from '../testing/fake-clamd';
import { ClamdScanner } from './clamd-scanner';

describe('ClamdScanner', () => {
  const clamd = new FakeClamd();
  let scanner: ClamdScanner;
  const scan = () => scanner.scan(Readable.from([Buffer.from('some text')]));
  const unavailable = { code: 'document.scan-unavailable' };

  beforeAll(async () => {
    scanner = new ClamdScanner(await clamd.start());
  });
  afterAll(() => clamd.stop());

  describeVirusScanner('ClamdScanner', async () => scanner);

  it.each([
    ['an error', 'INSTREAM size limit exceeded. ERROR'],
    ['another spelling of OK', 'stream: ok'],
    ['OK for something else', 'other: OK'],
    ['OK and more', 'stream: OK FOUND?'],
    ['nothing', ''],
    ['too much', 'x'.repeat(100_000)],
  ])('does not take %s for clean', async (_name, answer) => {
    clamd.answer = () => answer;
    await expect(scan()).rejects.toMatchObject(unavailable);
  });

  it('does not take a closed connection for clean', async () => {
    clamd.answer = () => undefined;
    await expect(scan()).rejects.toMatchObject(unavailable);
  });

  it('fails closed when nobody listens', async () => {
    const gone = new FakeClamd();
    const address = await gone.start();
    await gone.stop();
    await expect(new ClamdScanner(address).scan(Readable.from([Buffer.from('x')]))).rejects.toMatchObject(unavailable);
  });

  it('stops waiting when it is told to', async () => {
    const silent = new FakeClamd();
    silent.answer = () => undefined;
    const address = await silent.start();
    const stop = new AbortController();
    const endless = new Readable({ read: () => undefined });
    const verdict = new ClamdScanner(address).scan(endless, stop.signal);
    const reason = new Error('shutting down');
    stop.abort(reason);
    await expect(verdict).rejects.toBe(reason);
    await silent.stop();
  });
});
