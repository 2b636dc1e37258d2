import { cosine, decodeVector, decodeVectors, encodeVector, encodeVectors } from './vector-codec';

const unit = (seed: number): Float32Array => {
  const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(seed * (i + 1) * 1.7));
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
};

describe('vector codec', () => {
  it('keeps a unit vector to within a hundredth of cosine, in a quarter of the bytes', () => {
    const vector = unit(1);
    const bytes = encodeVector(vector);
    expect(bytes).toHaveLength(4 + 384);
    expect(cosine(decodeVector(bytes), vector)).toBeGreaterThan(0.99);
  });

  it('keeps the order of several vectors', () => {
    const decoded = decodeVectors(encodeVectors([unit(1), unit(2)]), 384);
    expect(decoded).toHaveLength(2);
    expect(cosine(decoded[0], unit(1))).toBeGreaterThan(0.99);
    expect(cosine(decoded[1], unit(2))).toBeGreaterThan(0.99);
  });

  it('reads from the middle of a larger buffer, as drivers hand them out', () => {
    const bytes = Buffer.concat([Buffer.from([9]), encodeVector(unit(3))]).subarray(1);
    expect(cosine(decodeVector(bytes), unit(3))).toBeGreaterThan(0.99);
  });

  it('yields no vectors from bytes of another size', () => {
    expect(decodeVectors(Buffer.alloc(10), 384)).toEqual([]);
    expect(decodeVectors(Buffer.alloc(0), 0)).toEqual([]);
  });

  it('survives a vector of zeros and an empty one', () => {
    expect([...decodeVector(encodeVector(new Float32Array(3)))]).toEqual([0, 0, 0]);
    expect(decodeVector(encodeVector(new Float32Array(0)))).toHaveLength(0);
  });
});
