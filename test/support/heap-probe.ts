import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Product, temporaryFolder } from './product';
import { until } from './until';

/**
 * Loaded into the process before the product. Two collections, a turn of the event loop apart: what the first one
 * finalises is garbage for the second. Buffers lie outside the heap and are counted with it.
 */
const SOURCE = `
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  setImmediate(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.stderr.write('\\nliving bytes: ' + (heapUsed + external) + '\\n');
  });
});
`;

/**
 * What is alive in a running process after a forced garbage collection. The size of the process would say what the
 * allocator keeps; this says what the program still holds. The product is run as it is, and knows nothing of it.
 */
export class HeapProbe {
  private readonly folder = temporaryFolder();

  /** For the processes that are to be measured. */
  get env(): Record<string, string> {
    const path = join(this.folder.path, 'heap-probe.cjs');
    writeFileSync(path, SOURCE);
    return { NODE_OPTIONS: `--require=${path}` };
  }

  async livingBytes(product: Product): Promise<number> {
    const said = (): string[] => [...product.log.matchAll(/^living bytes: (\d+)$/gm)].map(([, bytes]) => bytes ?? '');
    const before = said().length;
    process.kill(product.pid, 'SIGUSR2');
    await until(() => said().length > before, 20, 'the size of the heap');
    return Number(said().at(-1));
  }

  dispose(): void {
    this.folder.dispose();
  }
}
