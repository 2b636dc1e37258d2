// Embedding the sets takes minutes, and the vectors of a text never change: they are kept between runs.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ai, root } from './product.mjs';

const HASH_BYTES = 16;
const TEXTS_A_CALL = 200;
const folder = join(root, 'node_modules', '.cache', 'customercare-bench');
const key = (text) => createHash('sha256').update(text).digest().subarray(0, HASH_BYTES);

export class EmbeddingCache {
  #embeddings = new ai.LocalEmbeddings();
  #vectors = new Map();
  #file;

  constructor() {
    const { id, dimensions } = this.#embeddings.model;
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, `${id.replace(/\W/g, '-')}.bin`);
    const size = HASH_BYTES + dimensions * 4;
    const bytes = existsSync(this.#file) ? readFileSync(this.#file) : Buffer.alloc(0);
    for (let at = 0; at + size <= bytes.length; at += size) {
      const vector = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset + at + HASH_BYTES, bytes.byteOffset + at + size),
      );
      this.#vectors.set(bytes.toString('hex', at, at + HASH_BYTES), vector);
    }
  }

  get model() {
    return this.#embeddings.model;
  }

  get(text) {
    return this.#vectors.get(key(text).toString('hex'));
  }

  /** Embeds what is missing, telling how far it is. */
  async prepare(texts, label) {
    const missing = [...new Set(texts)].filter((text) => !this.get(text));
    for (let at = 0; at < missing.length; at += TEXTS_A_CALL) {
      const batch = missing.slice(at, at + TEXTS_A_CALL);
      const vectors = await this.#embeddings.embed(batch);
      const records = vectors.map((vector, i) =>
        Buffer.concat([key(batch[i]), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)]),
      );
      appendFileSync(this.#file, Buffer.concat(records));
      for (const [i, vector] of vectors.entries()) this.#vectors.set(key(batch[i]).toString('hex'), vector);
      process.stderr.write(`\r  embedding ${label}: ${at + batch.length} of ${missing.length}   `);
    }
    if (missing.length > 0) process.stderr.write('\n');
  }

  close() {
    return this.#embeddings.onModuleDestroy();
  }
}
