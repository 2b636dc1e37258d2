import { AppError } from '@app/kernel';
import { isExecutable } from '../scanning/executable-magic';
import { decodeText } from './decode-text';
import { readZip, type ZipPart } from './zip-container';

/** XML names its encoding in its first line (XML 1.0, 4.3.3). */
const DECLARED_ENCODING = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;

/** What a kind of package looks for in each part: macros, other programs, things fetched from elsewhere. */
export interface PackageRules {
  /** What the parts that hold XML are called. */
  readonly xmlParts: RegExp;
  /** Whether a document type without a subset of its own may stand there; nobody loads it. Entities never may. */
  readonly allowsDoctype: boolean;
  /**
   * @param source an XML part's text; undefined for other parts
   * @throws AppError with the code the file is refused with
   */
  check(part: ZipPart, source: string | undefined): void | Promise<void>;
}

/** The parts of a document that is a ZIP archive. Names are compared without case, as ECMA-376 part 2, 6.2.2.3 does. */
export class DocumentPackage {
  private readonly parts = new Map<string, ZipPart>();

  constructor(parts: readonly ZipPart[]) {
    for (const part of parts) this.parts.set(keyOf(part.name), part);
  }

  get names(): string[] {
    return [...this.parts.values()].map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.parts.has(keyOf(name));
  }

  bytes(name: string): Buffer | undefined {
    return this.parts.get(keyOf(name))?.content;
  }

  /** An XML part as text; undefined when there is none. */
  xml(name: string): string | undefined {
    const content = this.bytes(name);
    if (content === undefined) return undefined;
    return decodeText(content, DECLARED_ENCODING.exec(content.subarray(0, 300).toString('latin1'))?.[1]);
  }
}

/**
 * The parts of a ZIP-based document that was found safe to interpret: a sound archive without programs, whose XML
 * declares no entities (XXE and entity bombs need them), and whatever else its rules ask.
 *
 * @throws AppError `document.encrypted`, `.active-content`, `.archive-unsafe`, `.corrupt`, and those of the rules
 */
export async function readPackage(bytes: Buffer, rules: PackageRules): Promise<DocumentPackage> {
  const parts: ZipPart[] = [];
  for await (const part of readZip(bytes)) {
    if (isExecutable(part.content)) throw new AppError('document.active-content');
    const source = rules.xmlParts.test(part.name) ? sourceOf(part.content) : undefined;
    if (source !== undefined) refuseDeclarations(source, rules.allowsDoctype);
    await rules.check(part, source);
    parts.push(part);
  }
  return new DocumentPackage(parts);
}

const keyOf = (name: string): string => name.replace(/^\//, '').toLowerCase();

/** Every encoding of XML that is not UTF-8 or UTF-16 is refused by readers; a declaration hidden by UTF-16 has NULs. */
function sourceOf(content: Buffer): string {
  if (!content.includes(0)) return content.toString('latin1');
  const isBigEndian = content[0] === 0xfe || content[0] === 0;
  if (!isBigEndian) return content.toString('utf16le');
  return Buffer.from(content.subarray(0, content.length - (content.length % 2)))
    .swap16()
    .toString('utf16le');
}

function refuseDeclarations(source: string, allowsDoctype: boolean): void {
  const isRefused = allowsDoctype ? /<!ENTITY|<!DOCTYPE[^<>]*\[/i.test(source) : /<!(?:DOCTYPE|ENTITY)/i.test(source);
  if (isRefused) throw new AppError('document.archive-unsafe', { detail: 'It declares XML entities' });
}
