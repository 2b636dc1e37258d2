import { createWriteStream } from 'node:fs';
import { AppError } from '@app/kernel';
import { closeNetwork } from './close-network';
import { PARSERS } from './parser-list';
import type { ParserReply } from './parser-reply';

/** Pipe the parent reads; standard output is left to libraries that print. */
const REPLY_FD = 3;

/** Reads one file from standard input, parses it as the format named by the first argument, answers and ends. */
async function main(): Promise<void> {
  closeNetwork();
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer); // no encoding is set: buffers
  const reply = await parse(process.argv[2] ?? '', Buffer.concat(chunks));
  await new Promise<void>((resolve) => createWriteStream('', { fd: REPLY_FD }).end(JSON.stringify(reply), resolve));
}

async function parse(formatName: string, bytes: Buffer): Promise<ParserReply> {
  try {
    const parser = PARSERS.find(({ format }) => format.name === formatName);
    if (!parser) throw new AppError('document.type-unsupported');
    return { document: await parser.parse(bytes) };
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.options.detail };
    return { code: error instanceof RangeError ? 'document.too-complex' : 'document.corrupt' };
  }
}

void main().then(() => process.exit(0));
