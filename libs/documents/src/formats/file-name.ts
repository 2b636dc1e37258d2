/** Bidirectional and other invisible formatting characters: they let `…fdp.exe` read as `exe.pdf`. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
/** Not allowed in Windows file names; together with the backtick also what markup and shells give a meaning to. */
const UNSAFE = /[<>:"|?*`]/g;
/** Device names of Windows, with or without an extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Most file systems stop at 255 bytes; this leaves room for three-byte characters to be shown anywhere. */
const MAX_CHARS = 120;
const FALLBACK = 'document';

/**
 * A name that can be shown and offered for download. It is display metadata only: nothing is ever stored under it.
 * Path parts, control and invisible characters are removed, the rest of the extension stays at the end.
 */
export function cleanFileName(raw: string): string {
  const base = raw.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const name = base
    .replace(INVISIBLE, '')
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/[. ]+$/, '')
    .trimStart();
  const extension = extensionOf(name);
  const stem = extension ? name.slice(0, -extension.length - 1) : name;
  if (!/[\p{L}\p{N}]/u.test(name)) return FALLBACK;
  const short = [...stem].slice(0, MAX_CHARS - extension.length - 1).join('');
  const safe = RESERVED.test(name) ? `_${short}` : short;
  return extension ? `${safe}.${extension}` : safe;
}

/**
 * A path in an archive that can be shown: on one line, without invisible characters, of at most `maxChars`. What is too long
 * loses its beginning, because its end is the file's name.
 */
export function cleanPath(raw: string, maxChars: number): string {
  const chars = [...raw.normalize('NFC').replace(INVISIBLE, '')];
  return chars.length > maxChars ? `…${chars.slice(1 - maxChars).join('')}` : chars.join('');
}

/** Lower case, without the dot; empty when there is none, as in `README` and `.htaccess`. */
export function extensionOf(name: string): string {
  return /[^.]\.([\p{L}\p{N}]{1,16})$/u.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The name without its extension and with separators as spaces, for a document that has no title of its own. */
export function titleFromFileName(name: string): string {
  const extension = extensionOf(name);
  const stem = extension ? name.slice(0, -extension.length - 1) : name;
  return stem.replace(/[_-]+/g, ' ').replace(/\s+/g, ' ').trim() || name;
}

/** `Content-Disposition` of a download (RFC 6266): an ASCII fallback and the real name as RFC 8187 UTF-8. */
export function attachmentHeader(fileName: string): string {
  const name = cleanFileName(fileName);
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  // encodeURIComponent leaves ' ( ) * alone, which RFC 8187 does not allow unescaped.
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
