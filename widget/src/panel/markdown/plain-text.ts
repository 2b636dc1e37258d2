import { parseBlocks, type Block, type List } from './blocks';
import { parseInline, type Inline } from './inline';

/** An answer as it is read aloud: without signs and citation markers. */
export function plainText(markdown: string): string {
  return parseBlocks(markdown)
    .map(({ block }) => blockText(block))
    .join('\n');
}

function blockText(block: Block): string {
  if ('items' in block) return listText(block);
  return block.type === 'pre' ? block.text : inlineText(parseInline(block.text));
}

function listText(list: List): string {
  return list.items
    .map((item) => [inlineText(parseInline(item.text)), ...item.lists.map(listText)].join('\n'))
    .join('\n');
}

function inlineText(parts: Inline[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.type === 'cite') return '';
      return part.type === 'code' ? part.text : inlineText(part.children);
    })
    .join('');
}
