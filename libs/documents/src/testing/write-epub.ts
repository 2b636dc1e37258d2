import { writeZip, type ZipFileEntry } from './write-zip';

/** @param pages what stands in the `body` of each, in the order of the spine */
export function writeEpub(pages: readonly string[], extra: readonly ZipFileEntry[] = []): Buffer {
  const items = pages.map((_, i) => `<item id="p${i}" href="my%20page${i}.xhtml" media-type="application/xhtml+xml"/>`);
  const spine = pages.map((_, i) => `<itemref idref="p${i}"/>`).join('');
  return writeZip([
    { name: 'mimetype', content: 'application/epub+zip' },
    { name: 'META-INF/container.xml', content: '<container><rootfile full-path="OPS/a.opf"/></container>' },
    {
      name: 'OPS/a.opf',
      // The order of the manifest means nothing.
      content: `<package><metadata><dc:title>Guide</dc:title></metadata><manifest>${items.reverse().join('')}</manifest><spine>${spine}</spine></package>`,
    },
    ...pages.map((body, i) => ({
      name: `OPS/my page${i}.xhtml`,
      content: `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html><head><title/><script src="a.js"/></head><body>${body}</body></html>`,
    })),
    ...extra,
  ]);
}
