import * as stopword from 'stopword';

/** ISO 639-1 → the ISO 639-3 names of the package `stopword`. */
const LISTS: Readonly<Record<string, string>> = {
  ar: 'ara',
  bg: 'bul',
  bn: 'ben',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  es: 'spa',
  et: 'est',
  eu: 'eus',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  ga: 'gle',
  gl: 'glg',
  he: 'heb',
  hi: 'hin',
  hr: 'hrv',
  hu: 'hun',
  hy: 'hye',
  id: 'ind',
  it: 'ita',
  ja: 'jpn',
  ko: 'kor',
  lt: 'lit',
  lv: 'lav',
  nl: 'nld',
  no: 'nob',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sk: 'slk',
  sl: 'slv',
  sv: 'swe',
  th: 'tha',
  tr: 'tur',
  uk: 'ukr',
  ur: 'urd',
  vi: 'vie',
  zh: 'zho',
};

/** How people frame a question; the package's list is made for documents and lacks them. */
const ENGLISH_EXTRAS =
  'does doing done why whom whose shall may cannot were being once again until during without within upon am im ive id cant dont doesnt didnt isnt arent wasnt wont please tell know want need help hi hello thanks thank regards anyone someone anybody somebody'.split(
    ' ',
  );

const sets = new Map<string, ReadonlySet<string>>();

/** Words that carry no subject in that language, lower case; empty for languages without a list. */
export function stopWords(language: string): ReadonlySet<string> {
  let words = sets.get(language);
  if (!words) {
    const list = stopword[LISTS[language] ?? ''] ?? [];
    words = new Set([...list.map((word) => word.toLowerCase()), ...(language === 'en' ? ENGLISH_EXTRAS : [])]);
    sets.set(language, words);
  }
  return words;
}
