import { newStemmer } from 'snowball-stemmers';

/** ISO 639-1 → Snowball algorithm. Languages that are not here keep their words as they are. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  ar: 'arabic',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hu: 'hungarian',
  hy: 'armenian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
};

/** Stemming costs some microseconds a word and texts repeat theirs; past this many words a cache starts afresh. */
const MAX_CACHED_WORDS = 50_000;

type Stem = (word: string) => string;

const stems = new Map<string, Stem>();

/** A function that maps the forms of one word to one stem. */
export function stemmer(language: string): Stem {
  let stem = stems.get(language);
  if (!stem) {
    const algorithm = ALGORITHMS[language];
    stem = algorithm === undefined ? (word) => word : cached(newStemmer(algorithm));
    stems.set(language, stem);
  }
  return stem;
}

function cached(algorithm: { stem: Stem }): Stem {
  const cache = new Map<string, string>();
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    if (cache.size >= MAX_CACHED_WORDS) cache.clear();
    const stem = algorithm.stem(word);
    cache.set(word, stem);
    return stem;
  };
}
