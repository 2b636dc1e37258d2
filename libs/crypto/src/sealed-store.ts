/** What one pass of a rotation did. */
export interface Rotation {
  /** Values sealed again with the current key. */
  readonly changed: number;
  /** Values that do not open with any key of the ring, by the id of their row or file. They stay as they are. */
  readonly unreadable: readonly string[];
}

/** How many values are sealed with each key; `''` is the key of values that are not sealed at all. */
export type KeyCounts = ReadonlyMap<string, number>;

/** Something at rest that is sealed with the keys of a ring: a column, a folder of files. */
export abstract class SealedStore {
  /** For people, such as `messages.text`. */
  abstract readonly name: string;

  /** Values under every key but the current one. Reads in short steps, so what is written meanwhile may be missed. */
  abstract countOld(): Promise<KeyCounts>;

  /**
   * Seals what is not under the current key again, once through. What somebody else changes meanwhile is left to them.
   * Killed at any moment it has lost nothing, and the next run goes on.
   * @param onProgress is told how many values were changed since it was last told
   */
  abstract rotate(onProgress: (changed: number) => void): Promise<Rotation>;
}
