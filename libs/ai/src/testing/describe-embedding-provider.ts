import type { EmbeddingProvider } from '../embedding-provider';
import { cosine } from '../vectors/vector-codec';

/** What every EmbeddingProvider promises. `create` is called once a test; `close` after it. */
export function describeEmbeddingProvider(
  name: string,
  create: () => EmbeddingProvider,
  close: (provider: EmbeddingProvider) => Promise<void> = async () => {},
): void {
  describe(`EmbeddingProvider: ${name}`, () => {
    let provider: EmbeddingProvider;
    beforeEach(() => {
      provider = create();
    });
    afterEach(() => close(provider));

    it('answers one vector a text, of the stated size and unit length', async () => {
      const vectors = await provider.embed(['Where is my ticket?', 'Refunds take five days.', '']);
      expect(vectors.map((vector) => vector.length)).toEqual(Array(3).fill(provider.model.dimensions));
      for (const vector of provider.model.dimensions > 0 ? vectors : [])
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    });

    it('answers nothing for no texts', async () => {
      await expect(provider.embed([])).resolves.toEqual([]);
    });

    it('gives the same text the same vector, alone or among others', async () => {
      const [alone] = await provider.embed(['Refunds take five days.']);
      const among = await provider.embed(['Something else entirely.', 'Refunds take five days.']);
      const same = cosine(alone, among[1]);
      expect(same).toBeCloseTo(provider.model.dimensions > 0 ? 1 : 0, 4);
    });

    it('takes texts of any length', async () => {
      const [vector] = await provider.embed(['word '.repeat(5_000)]);
      expect(vector).toHaveLength(provider.model.dimensions);
    });

    it('rejects with the reason when the signal is aborted', async () => {
      await expect(provider.embed(['late'], AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    });
  });
}
