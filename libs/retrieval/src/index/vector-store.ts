import type { Int8Vector } from '@app/ai';

const INITIAL_SLOTS = 64;

/** Int8 vectors of one size in one block of memory, by slot: exact scans run over contiguous bytes. */
export class VectorStore {
  private values: Int8Array;
  private scales: Float32Array;
  private capacity = INITIAL_SLOTS;

  constructor(private readonly dimensions: number) {
    this.values = new Int8Array(this.capacity * dimensions);
    this.scales = new Float32Array(this.capacity);
  }

  get bytes(): number {
    return this.values.byteLength + this.scales.byteLength;
  }

  /** Keeps the vector; one of another size is ignored. A scale of 0 marks a slot without a vector. */
  set(slot: number, vector: Int8Vector | null): void {
    this.grow(slot + 1);
    this.scales[slot] = 0;
    if (vector?.values.length !== this.dimensions || this.dimensions === 0) return;
    this.values.set(vector.values, slot * this.dimensions);
    this.scales[slot] = vector.scale;
  }

  clear(slot: number): void {
    if (slot < this.capacity) this.scales[slot] = 0;
  }

  /** Cosines with a unit vector of the first `count` slots; NaN where a slot has no vector. */
  cosines(query: Float32Array, count: number): Float32Array {
    const { dimensions, values, scales } = this;
    const cosines = new Float32Array(count).fill(NaN);
    for (let slot = 0; slot < Math.min(count, this.capacity); slot++) {
      const scale = scales[slot] ?? 0;
      if (scale === 0) continue;
      const start = slot * dimensions;
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += (values[start + i] ?? 0) * (query[i] ?? 0);
      cosines[slot] = sum * scale;
    }
    return cosines;
  }

  private grow(slots: number): void {
    if (slots <= this.capacity) return;
    while (this.capacity < slots) this.capacity *= 2;
    const values = new Int8Array(this.capacity * this.dimensions);
    values.set(this.values);
    const scales = new Float32Array(this.capacity);
    scales.set(this.scales);
    this.values = values;
    this.scales = scales;
  }
}
