import { setImmediate } from 'node:timers/promises';
import { AppError } from '@app/kernel';

/** Real documents nest some dozens deep; looking up closing tags costs depth, so a tower would cost its square. */
const MAX_DEPTH = 500;
/** Characters read before others get their turn: about 5 ms. */
const SLICE_CHARS = 256 * 1024;

/** Attributes by their names without prefix. */
export type XmlAttributes = Readonly<Record<string, string>>;

/** What happens in an XML document, in order. Element names come without their namespace prefix, which is arbitrary. */
export interface XmlHandler {
  open?(name: string, attributes: XmlAttributes): void;
  close?(name: string): void;
  text?(data: string): void;
}

/**
 * Reads XML as a stream (htmlparser2): no tree, so depth costs no stack; no document type, so no entity but XML's own
 * five and numbers is ever expanded.
 *
 * @returns whether the document is whole: it has elements, and none of them is open at its end
 * @throws AppError `document.too-complex` when elements nest more than 500 deep
 */
export async function readXml(source: string, handler: XmlHandler): Promise<boolean> {
  const { Parser } = await import('htmlparser2');
  let depth = 0;
  let hasElements = false;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        hasElements = true;
        if (++depth > MAX_DEPTH) throw new AppError('document.too-complex', { detail: 'Its elements nest too deep' });
        handler.open?.(localName(name), withLocalNames(attributes));
      },
      onclosetag: (name) => {
        depth--;
        handler.close?.(localName(name));
      },
      ontext: (data) => handler.text?.(data),
    },
    { xmlMode: true },
  );
  for (let position = 0; position < source.length; position += SLICE_CHARS) {
    parser.write(source.slice(position, position + SLICE_CHARS));
    if (position + SLICE_CHARS < source.length) await setImmediate();
  }
  const isWhole = hasElements && depth === 0;
  parser.end(); // closes what was left open
  return isWhole;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute without prefix wins over one with: `id` is an element's own, `r:id` leads elsewhere and is kept whole. */
function withLocalNames(attributes: Readonly<Record<string, string>>): XmlAttributes {
  const named: Record<string, string> = Object.create(null) as Record<string, string>; // no inherited names
  for (const [name, value] of Object.entries(attributes)) {
    named[name] = value;
    named[localName(name)] ??= value;
  }
  return named;
}
