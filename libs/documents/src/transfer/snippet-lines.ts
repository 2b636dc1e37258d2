import { AppError } from '@app/kernel';
import type { Entry, ZipFile } from 'yauzl';
import { inflateChunks } from '../formats/zip-container';

/** A snippet whose every character is escaped has 62 KB. */
const MAX_LINE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * The lines of an entry, one in memory at a time.
 * @throws AppError `bulk-upload.manifest-invalid` for a line that no snippet needs, and those of `inflateChunks`
 */
export async function* readLines(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of inflateChunks(zip, entry, entry.uncompressedSize)) {
    let bytes = Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED)) {
      yield bounded(bytes.subarray(0, end));
      bytes = bytes.subarray(end + 1);
    }
    rest = Buffer.from(bounded(bytes));
  }
  if (rest.length > 0) yield rest;
}

/** Lines by their number, from 0. They are asked for in rising order, as they are read. */
export class SnippetLines {
  private readonly lines: AsyncGenerator<Buffer, void>;
  private next = 0;

  constructor(zip: ZipFile, entry: Entry) {
    this.lines = readLines(zip, entry);
  }

  /** @throws AppError as `readLines`, and `bulk-upload.manifest-invalid` when there is none */
  async at(index: number): Promise<Buffer> {
    for (;;) {
      const read = await this.lines.next();
      this.next += 1;
      if (read.done) throw new AppError('bulk-upload.manifest-invalid');
      if (this.next > index) return read.value;
    }
  }

  /** Lets the archive go. */
  async close(): Promise<void> {
    await this.lines.return(undefined);
  }
}

function bounded(line: Buffer): Buffer {
  if (line.length > MAX_LINE_BYTES) throw new AppError('bulk-upload.manifest-invalid');
  return line;
}
