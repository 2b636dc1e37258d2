/**
 * Null for what is no address. Not `URL.canParse`: in Node 20 its optimised form reads Latin-1 text as UTF-8, so that
 * `https://bücher.example` is an address until the function has become hot, and none afterwards.
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
