/** The blocks of an answer: a small, safe part of Markdown. `text` of p, h and items goes through `parseInline`. */
export type Block = { type: 'p' | 'h' | 'pre'; text: string } | List;

export interface List {
  type: 'ul' | 'ol';
  /** The first number of an ordered list. */
  start: number;
  items: ListItem[];
}

interface ListItem {
  text: string;
  lists: List[];
}

/** A block and where it begins in the text, in UTF-16 units. */
export interface PlacedBlock {
  at: number;
  block: Block;
}

interface Line {
  at: number;
  text: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/;
const ITEM = /^( *)([-*+•]|\d{1,9}[.)])[ \t]+(.*)$/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;

/** Cuts a text into blocks. The last block may be unfinished; text that follows never changes the ones before it. */
export function parseBlocks(text: string): PlacedBlock[] {
  const lines: Line[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    lines.push({ at, text: line.replace(/\r$/, '').replaceAll('\t', '    ') });
    at += line.length + 1;
  }
  const blocks: PlacedBlock[] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    if (!line || !line.text.trim() || RULE.test(line.text)) {
      index++;
      continue;
    }
    const { block, next } = readBlock(lines, index);
    blocks.push({ at: line.at, block });
    index = next;
  }
  return blocks;
}

type Read = { block: Block; next: number };

function readBlock(lines: Line[], index: number): Read {
  const text = lines[index]?.text ?? '';
  const fence = FENCE.exec(text)?.[1];
  if (fence) return readFence(lines, index, fence);
  const heading = HEADING.exec(text);
  if (heading) return { block: { type: 'h', text: heading[1] ?? '' }, next: index + 1 };
  return ITEM.test(text) ? readList(lines, index) : readParagraph(lines, index);
}

function readFence(lines: Line[], index: number, fence: string): Read {
  let next = index + 1;
  while (next < lines.length && !lines[next]?.text.trim().startsWith(fence)) next++;
  const text = lines.slice(index + 1, next).map((line) => line.text);
  return { block: { type: 'pre', text: text.join('\n') }, next: next + 1 };
}

function readParagraph(lines: Line[], index: number): Read {
  let next = index + 1;
  while (next < lines.length && isParagraphText(lines[next]?.text ?? '')) next++;
  const text = lines.slice(index, next).map((line) => line.text.trim());
  return { block: { type: 'p', text: text.join('\n') }, next };
}

function isParagraphText(text: string): boolean {
  return text.trim() !== '' && !ITEM.test(text) && !isOtherBlock(text);
}

function readList(lines: Line[], index: number): Read {
  const builder = new ListBuilder();
  let next = index;
  while (next < lines.length && builder.take(lines[next]?.text ?? '')) next++;
  return { block: builder.list, next };
}

function isOtherBlock(line: string): boolean {
  return RULE.test(line) || FENCE.test(line) || HEADING.test(line);
}

/** Puts items into lists by their indentation. */
class ListBuilder {
  private readonly open: { indent: number; list: List }[] = [];
  private last: ListItem = { text: '', lists: [] };
  private isAfterGap = false;

  get list(): List {
    return this.open[0]?.list ?? { type: 'ul', start: 1, items: [] };
  }

  /** False when the line is no longer part of the list. */
  take(line: string): boolean {
    const [, indent = '', sign = '', rest = ''] = ITEM.exec(line) ?? [];
    if (isOtherBlock(line)) return false;
    if (sign) return this.addItem(indent.length, sign, rest);
    const text = line.trim();
    // After an empty line only indented text belongs to the item.
    if (text && this.isAfterGap && !line.startsWith('  ')) return false;
    this.isAfterGap = !text;
    if (text) this.last.text += `\n${text}`;
    return true;
  }

  /** False when the item begins another list beside this one. */
  private addItem(indent: number, sign: string, text: string): boolean {
    this.isAfterGap = false;
    const type = /\d/.test(sign) ? 'ol' : 'ul';
    while (this.open.length > 1 && indent < (this.open.at(-1)?.indent ?? 0)) this.open.pop();
    const top = this.open.at(-1);
    const item: ListItem = { text, lists: [] };
    if (!top || indent >= top.indent + 2) {
      const list: List = { type, start: type === 'ol' ? Number.parseInt(sign, 10) : 1, items: [item] };
      if (top) this.last.lists.push(list);
      this.open.push({ indent, list });
    } else if (top.list.type !== type && this.open.length === 1) {
      return false;
    } else {
      top.list.items.push(item);
    }
    this.last = item;
    return true;
  }
}
