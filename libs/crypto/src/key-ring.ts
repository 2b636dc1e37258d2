/** One AES-256 key and the name that values sealed with it carry. */
export interface EncryptionKey {
  /** 1 to 32 characters of `A-Za-z0-9_-`. */
  readonly kid: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/**
 * The keys of an installation: the first seals, all open. To rotate, put a new key first, run `keys:rotate`, and take
 * the old one away once nothing is sealed with it (NIST SP 800-57 part 1, 5.3.5).
 */
export class KeyRing {
  readonly current: EncryptionKey;
  private readonly byId: ReadonlyMap<string, EncryptionKey>;

  /** @throws Error without a key, or for two keys of one name */
  constructor(keys: readonly EncryptionKey[]) {
    const [current] = keys;
    if (!current) throw new Error('A key ring needs a key');
    this.byId = new Map(keys.map((key) => [key.kid, key]));
    if (this.byId.size !== keys.length) throw new Error('Two keys of a key ring have the same id');
    this.current = current;
  }

  get keys(): EncryptionKey[] {
    return [...this.byId.values()];
  }

  find(kid: string): EncryptionKey | null {
    return this.byId.get(kid) ?? null;
  }
}
