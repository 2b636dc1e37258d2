/** Windows code pages by number (`\ansicpg`) → labels of the Encoding standard. */
const CODE_PAGES: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
};
/** Charsets of fonts (`\fcharset`) → code pages. */
const FONT_CHARSETS: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** Label of a code page; windows-1252 for those nobody knows. */
export const labelOfCodePage = (page: number): string =>
  CODE_PAGES[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : 'windows-1252');

/** The code page of a font; undefined for fonts that use the document's. */
export const codePageOfFont = (charset: number): number | undefined => FONT_CHARSETS[charset];
