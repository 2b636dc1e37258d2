import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import { describeEmbeddingProvider } from '../testing/describe-embedding-provider';
import { FakeEmbeddings } from '../testing/fake-embeddings';
import { cosine } from '../vectors/vector-codec';
import { LocalEmbeddings } from './local-embeddings';
import { findMinilm, MINILM_FILES } from './minilm-model';
import { NoEmbeddings } from './no-embeddings';

const local = new LocalEmbeddings();
afterAll(() => local.onModuleDestroy());
beforeAll(() => Logger.overrideLogger(false));

describeEmbeddingProvider('LocalEmbeddings', () => local);
describeEmbeddingProvider('NoEmbeddings', () => new NoEmbeddings());
describeEmbeddingProvider('FakeEmbeddings', () => new FakeEmbeddings());

/** A copy of the shipped model whose tokenizer was changed. */
async function brokenModel(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'minilm-'));
  for (const file of Object.keys(MINILM_FILES)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    if (file === 'tokenizer.json') await writeFile(join(folder, file), '{}');
    else await symlink(join(findMinilm() ?? '', file), join(folder, file));
  }
  return folder;
}

describe('LocalEmbeddings', () => {
  it('puts a question nearer to its answer than to other sentences', async () => {
    const [question, answer, other] = await local.embed([
      'How do I get my money back?',
      'Refunds are paid to the card you used within five days.',
      'The cinema has six screens.',
    ]);
    expect(cosine(question, answer)).toBeGreaterThan(cosine(question, other) + 0.2);
  });

  it('answers a question while a document is being embedded', async () => {
    const order: string[] = [];
    const document = local
      .embed(Array(100).fill('A long sentence about tickets and refunds.'))
      .then(() => order.push('document'));
    await local.embed(['short?']).then(() => order.push('question'));
    await document;
    expect(order).toEqual(['question', 'document']);
  });

  it('stops working when asked to', async () => {
    const stop = new AbortController();
    const work = local.embed(Array(500).fill('A sentence.'), stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(work).rejects.toThrow('enough');
  });

  it('goes on with words alone when the model is missing', async () => {
    const provider = new LocalEmbeddings('/nowhere');
    expect(provider.model.dimensions).toBe(0);
    await expect(provider.embed(['text'])).resolves.toEqual([new Float32Array(0)]);
  });

  it('goes on with words alone when a file of the model was changed', async () => {
    const folder = await brokenModel();
    const provider = new LocalEmbeddings(folder);
    await expect(provider.embed(['text'])).resolves.toEqual([new Float32Array(0)]);
    expect(provider.model.dimensions).toBe(0);
    await provider.onModuleDestroy();
    await rm(folder, { recursive: true });
  });
});
