import type { Operation } from './open-api';

/** For what takes files: a form with one. Anything else would be refused before anything is looked for. */
export const ONE_FILE = {
  text: '--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n# A\r\n--x--\r\n',
  headers: { 'content-type': 'multipart/form-data; boundary=x' },
};

/** All at once; one after the other where files are taken, of which few are read at the same moment. */
export async function inTurn<T>(
  { isMultipart }: Operation,
  items: readonly T[],
  attempt: (item: T) => Promise<string[]>,
): Promise<string[]> {
  if (!isMultipart) return (await Promise.all(items.map(attempt))).flat();
  const faults: string[] = [];
  for (const item of items) faults.push(...(await attempt(item)));
  return faults;
}
