import type { DocumentPackage } from './document-package';
import { readXml } from './read-xml';

/** The title in a part of Dublin Core properties: `docProps/core.xml` of Office, `meta.xml` of ODF, an EPUB's package. */
export async function dublinCoreTitle(parts: DocumentPackage, part: string): Promise<string | undefined> {
  let title: string | undefined;
  let isInTitle = false;
  await readXml(parts.xml(part) ?? '', {
    open: (name) => {
      isInTitle = name === 'title' && title === undefined;
      if (isInTitle) title = '';
    },
    close: () => void (isInTitle = false),
    text: (data) => {
      if (isInTitle) title += data;
    },
  });
  return title?.trim() || undefined;
}
