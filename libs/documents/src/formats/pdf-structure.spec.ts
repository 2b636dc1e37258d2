import { inspectPdf } from './pdf-structure';

describe('The structure of a PDF', () => {
  const withStreams = (count: number): Buffer => Buffer.from(`%PDF-1.7\n${'1 0 obj<<>>stream\n'.repeat(count)}%%EOF\n`);

  it('may hold many streams', async () => {
    await expect(inspectPdf(withStreams(1_000))).resolves.toBeUndefined();
  });

  it('is not walked without end', async () => {
    await expect(inspectPdf(withStreams(100_001))).rejects.toMatchObject({ code: 'document.too-complex' });
  });
});
