import { AppError } from '@app/kernel';
import { checkEmbeddedObject, refuseCompoundFile } from './compound-file';
import { type DocumentPackage, readPackage } from './document-package';
import { checkRelationships } from './office-relationships';
import type { ZipPart } from './zip-container';

const CONTENT_TYPES = '[Content_Types].xml';
/** The folder of the main parts, and what a person calls such a file. */
const KINDS = { word: 'a Word document', ppt: 'a PowerPoint presentation', xl: 'an Excel workbook' } as const;
const MACRO_PARTS = /(?:^|\/)(?:vba(?:project|data)\b|activex\/|macrosheets\/)/i;
/** An Office file inside that may run macros by its extension. */
const MACRO_FILES = /\.(?:(?:doc|dot|xls|xlt|pot|pps|ppt|ppa)m|xlam|xla|xlsb)$/i;
/** A slide's click that starts a program or a macro; data that another program is asked for. */
const ACTIONS = /ppaction:\/\/(?:program|macro)|<(?:[^\s<>/:]+:)?ddeLink\s/i;

/** A chart drawn anew from its workbook when the file is opened, wherever the workbook is (ECMA-376 part 1, 21.2.2.6). */
const CHART_PART = /(?:^|\/)charts\/[^/]*\.xml$/i;
const UPDATES = /<(?:[^\s<>/:]+:)?autoUpdate\b(?!\s+val\s*=\s*["'](?:0|false)["'])/;
const CHART_RELATIONS = /(?:^|\/)charts\/_rels\//i;

/**
 * The parts of an Office document (ECMA-376) that was found safe to interpret: a sound archive, no macros, no embedded
 * programs, no document type declarations (part 2, 8.2.5 forbids them), nothing fetched from elsewhere.
 *
 * @throws AppError `document.encrypted`, `.type-mismatch`, `.active-content`, `.archive-unsafe`, `.corrupt`
 */
export async function readOoxml(bytes: Buffer, kind: keyof typeof KINDS): Promise<DocumentPackage> {
  refuseCompoundFile(bytes);
  const parts = await readPackage(bytes, { xmlParts: /\.(?:xml|rels|vml)$/i, allowsDoctype: false, check: checkPart });
  const hasMainParts = parts.names.some((name) => new RegExp(`^/?${kind}/.*\\.xml$`, 'i').test(name));
  if (!parts.has(CONTENT_TYPES) || !hasMainParts) {
    throw new AppError('document.type-mismatch', { detail: `It is not ${KINDS[kind]}` });
  }
  return parts;
}

function checkPart({ name, content }: ZipPart, source: string | undefined): void {
  if (MACRO_PARTS.test(name) || MACRO_FILES.test(name)) throw new AppError('document.active-content');
  if (/embeddings\/[^/]*\.bin$/i.test(name)) checkEmbeddedObject(content);
  if (source === undefined) return;
  if (ACTIONS.test(source) || (CHART_PART.test(name) && UPDATES.test(source)))
    throw new AppError('document.active-content');
  if (name === CONTENT_TYPES && /macroEnabled/i.test(source)) throw new AppError('document.active-content');
  if (/\.rels$/i.test(name)) checkRelationships(source, CHART_RELATIONS.test(name));
}
