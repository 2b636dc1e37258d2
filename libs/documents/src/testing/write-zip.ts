import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFileEntry {
  /** In UTF-8; as bytes for any other encoding. */
  readonly name: string | Buffer;
  readonly content: string | Buffer;
  /** Attributes of Unix in the upper half, as in `0o120777 << 16` for a link. */
  readonly externalAttributes?: number;
  /** Bit 0 set means encrypted. */
  readonly flags?: number;
  /** Of compression, as it claims. Default: 8, Deflate. */
  readonly method?: number;
  /** What the directory claims instead of the truth. */
  readonly claimedBytes?: number;
  readonly claimedCrc32?: number;
}

/** A ZIP archive, right or wrong in ways that no library would write. */
export function writeZip(entries: readonly ZipFileEntry[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = writeEntry(entry, offset);
    locals.push(local);
    directory.push(central);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

function writeEntry(entry: ZipFileEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : entry.name;
  const content = Buffer.from(entry.content);
  const packed = deflateRawSync(content);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(entry.flags ?? 0, 2);
  shared.writeUInt16LE(entry.method ?? 8, 4);
  shared.writeUInt32LE(entry.claimedCrc32 ?? crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(entry.claimedBytes ?? content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((entry.externalAttributes ?? 0) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, name, packed]),
    central: Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), shared, rest, name]),
  };
}
