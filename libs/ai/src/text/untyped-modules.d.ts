declare module 'snowball-stemmers' {
  interface Stemmer {
    stem(word: string): string;
  }
  /** @param algorithm a Snowball algorithm name, for example `english`. Throws for an unknown one. */
  export function newStemmer(algorithm: string): Stemmer;
}

/** Stop words by ISO 639-3 code. */
declare module 'stopword' {
  const lists: Readonly<Record<string, readonly string[] | undefined>>;
  export = lists;
}
