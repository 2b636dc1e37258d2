import { deriveKey, hmacSha256 } from './digests';

/** Enough that two values never meet by chance, and too little to be worth storing as the value (128 bits). */
const INDEX_BYTES = 16;

/**
 * Finds an encrypted value by equality: a keyed hash beside it. Derived from SECRET_KEY and not from the encryption
 * keys, so that it stays while those rotate. A scope is a table and column, and the workspace where there is one: the
 * same e-mail address in two tenants gives two indexes.
 */
export class BlindIndex {
  private readonly key: Buffer;

  constructor(secretKey: Buffer) {
    this.key = deriveKey(secretKey, 'blind-index');
  }

  /** 16 bytes. `value` is in its normalised form: what is compared is compared exactly. */
  of(scope: { table: string; column: string; workspaceId: string | null }, value: string): Buffer {
    const own = deriveKey(this.key, [scope.table, scope.column, scope.workspaceId ?? ''].join('|'));
    return hmacSha256(own, value).subarray(0, INDEX_BYTES);
  }
}
