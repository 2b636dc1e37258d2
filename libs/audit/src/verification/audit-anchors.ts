import { deriveKey, hmacSha256, isSameSecret } from '@app/crypto';

/** Where a chain ended at a moment, kept outside the database. */
export interface AuditAnchor {
  /** A workspace's id, or `NO_WORKSPACE`. */
  chain: string;
  seq: number;
  /** Hexadecimal. */
  hash: string;
  /** ISO 8601. */
  at: string;
}

/** What an anchor file holds: the anchors that are ours, and the numbers of the lines that are not. */
export interface ReadAnchors {
  anchors: AuditAnchor[];
  forgedLines: number[];
}

/**
 * Signs anchors and reads them back: one JSON object a line, with an HMAC-SHA256 from SECRET_KEY over its fields. Whoever
 * may write to the database and to the file, and does not have the key, can not make one up.
 */
export class AnchorSigner {
  private readonly key: Buffer;

  constructor(secretKey: Buffer) {
    this.key = deriveKey(secretKey, 'audit-anchors');
  }

  /** Ends with a line feed. */
  toLine(anchor: AuditAnchor): string {
    return `${JSON.stringify({ ...anchor, mac: this.macOf(anchor) })}\n`;
  }

  read(file: string): ReadAnchors {
    const read: ReadAnchors = { anchors: [], forgedLines: [] };
    file.split('\n').forEach((line, index) => {
      if (line.trim() === '') return;
      const anchor = this.verified(line);
      if (anchor) read.anchors.push(anchor);
      else read.forgedLines.push(index + 1);
    });
    return read;
  }

  private verified(line: string): AuditAnchor | null {
    const { chain, seq, hash, at, mac } = fieldsOf(line);
    if (typeof chain !== 'string' || typeof seq !== 'number' || typeof hash !== 'string') return null;
    if (typeof at !== 'string' || typeof mac !== 'string') return null;
    const anchor = { chain, seq, hash, at };
    return isSameSecret(mac, this.macOf(anchor)) ? anchor : null;
  }

  private macOf({ chain, seq, hash, at }: AuditAnchor): string {
    return hmacSha256(this.key, ['v1', chain, String(seq), hash, at].join('|')).toString('hex');
  }
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {}; // a line cut in the middle, or none of ours
  }
}
