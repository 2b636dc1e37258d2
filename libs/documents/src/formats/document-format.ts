/** What a kind of file looks like from outside. Extension, declared type and bytes must all agree with it. */
export interface DocumentFormat {
  /** Short and unique, for example `pdf`. */
  readonly name: string;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  /** The first is what the file is stored and served as; the others are what browsers and tools also declare. */
  readonly mediaTypes: readonly string[];
  /** Text must decode to characters (BOM, UTF-8 or a guessed legacy charset) and hold no binary. */
  readonly isText: boolean;
  /** Answers of the package `file-type` that fit. Text is not recognised by magic bytes, so it usually lists none. */
  readonly magic: readonly string[];
}
