// Markdown files as a help centre has them, as many and as long as one asks for. The sentences are real where the tuning
// sets are beside the repository; no two files are the same.
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { isDataPresent, loadSet } from './data.mjs';
import { ai } from './product.mjs';

const { ZipFile } = createRequire(import.meta.url)('yazl');

const SENTENCES_A_SECTION = 8;
const THINGS = [
  'printer',
  'router',
  'invoice',
  'parcel',
  'account',
  'licence',
  'battery',
  'server',
  'ticket',
  'backup',
];
const STATES = [
  'is offline',
  'was renewed',
  'cannot be found',
  'needs an update',
  'is ready',
  'was returned',
  'is late',
];
const DEEDS = ['open the settings', 'send it back', 'ask the support desk', 'restart the device', 'read the manual'];

function* madeUp() {
  for (let n = 0; ; n += 1) {
    const pick = (from, step) => from[Math.floor(n / step) % from.length];
    yield `When the ${pick(THINGS, 1)} number ${n} ${pick(STATES, 3)}, ${pick(DEEDS, 7)} within ${(n % 28) + 2} days.`;
  }
}

function* real() {
  const texts = ['techqa', 'squad2_small'].flatMap((name) => loadSet(name).documents.map(({ text }) => text));
  for (let round = 0; ; round += 1) {
    for (const text of texts) {
      for (const sentence of ai.splitSentences(text, 'en')) {
        const line = sentence.replace(/\s+/g, ' ').trim();
        if (line.length > 20 && line.length < 400) yield round === 0 ? line : `In release ${round}: ${line}`;
      }
    }
  }
}

export const sourceOfSentences = isDataPresent ? 'sentences of real support articles' : 'made-up sentences';

/** [{ name, bytes }] */
export function makeFiles(count, bytesEach) {
  const sentences = isDataPresent ? real() : madeUp();
  return Array.from({ length: count }, (_, n) => {
    let text = `# Help article ${n + 1}\n`;
    for (let section = 1; text.length < bytesEach; section += 1) {
      const lines = Array.from({ length: SENTENCES_A_SECTION }, () => sentences.next().value);
      text += `\n## Part ${section} of ${n + 1}\n\n${lines.join(' ')}\n`;
    }
    return { name: `help/article-${n + 1}.md`, bytes: Buffer.from(text) };
  });
}

export async function zipOf(files) {
  const zip = new ZipFile();
  for (const { name, bytes } of files) zip.addBuffer(bytes, name);
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream.pipe(new PassThrough())) chunks.push(chunk);
  return Buffer.concat(chunks);
}
