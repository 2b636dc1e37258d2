import type { Token, Tokens } from 'marked' with { 'resolution-mode': 'import' };
import { decodeText } from '../../formats/decode-text';
import type { DocumentFormat } from '../../formats/document-format';
import { DocumentParser } from '../document-parser';
import { withoutMdxSyntax } from '../mdx-syntax';
import type { ParsedDocument } from '../parsed-document';
import { readHtml } from '../read-html';
import { SectionBuilder } from '../section-builder';
import { TableReader } from '../table-reader';

const FRONT_MATTER = /^\ufeff?---[^\S\n]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)/;
const FRONT_TITLE = /^title[^\S\n]*:[^\S\n]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n]*))$/m;

export class MarkdownParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'markdown',
    extensions: ['md', 'mdx', 'markdown'],
    mediaTypes: ['text/markdown', 'text/x-markdown', 'text/mdx', 'text/plain'],
    isText: true,
    magic: [],
  };

  async inspect(bytes: Buffer): Promise<void> {
    decodeText(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const { marked } = await import('marked');
    const source = decodeText(bytes).replace(/\r\n?/g, '\n');
    const frontMatter = FRONT_MATTER.exec(source);
    const body = withoutMdxSyntax(source.slice(frontMatter?.[0].length ?? 0));
    const sections = new SectionBuilder();
    await new MarkdownWalker(sections).walk(marked.lexer(body));
    const title = FRONT_TITLE.exec(frontMatter?.[1] ?? '');
    return { title: title?.[1] ?? title?.[2] ?? title?.[3]?.trim(), sections: sections.build() };
  }
}

/** marked's tokens → sections. HTML inside is read as HTML, so scripts and comments are gone and text is kept. */
class MarkdownWalker {
  constructor(private readonly sections: SectionBuilder) {}

  async walk(tokens: readonly Token[]): Promise<void> {
    for (const token of tokens) await this.token(token);
  }

  private async token(token: Token): Promise<void> {
    // marked's union holds a generic member, which keeps the tag from narrowing it.
    switch (token.type) {
      case 'heading':
        return this.sections.heading((token as Tokens.Heading).depth, await inline(token));
      case 'paragraph':
      case 'text':
        return this.sections.block(await inline(token));
      case 'code':
        return this.sections.block((token as Tokens.Code).text);
      case 'blockquote':
        return this.walk((token as Tokens.Blockquote).tokens);
      case 'list':
        return this.list(token as Tokens.List);
      case 'table':
        return this.table(token as Tokens.Table);
      case 'html':
        await readHtml(token.raw, this.sections);
        return;
      default: // blank lines, rules and link definitions say nothing
    }
  }

  private async list(list: Tokens.List): Promise<void> {
    const first = Number(list.start) || 1;
    for (const [i, item] of list.items.entries()) {
      const marker = list.ordered ? `${first + i}. ` : '- ';
      const [head, ...rest] = item.tokens;
      const isInline = head?.type === 'text' || head?.type === 'paragraph';
      if (head && isInline) this.sections.block(marker + (await inline(head)), '\n');
      await this.walk(isInline ? rest : item.tokens);
    }
  }

  private async table(table: Tokens.Table): Promise<void> {
    const reader = new TableReader((text, separator) => this.sections.block(text, separator));
    for (const row of [table.header, ...table.rows]) {
      reader.startRow();
      for (const cell of row) {
        reader.startCell(cell.header);
        reader.add(await inlineText(cell.tokens));
        reader.endCell();
      }
    }
    reader.endRow();
  }
}

const inline = (token: Token): Promise<string> =>
  'tokens' in token && token.tokens ? inlineText(token.tokens) : plain(token.raw);

/** The words of inline tokens without their markup: link texts, not addresses; what images are named. */
async function inlineText(tokens: readonly Token[]): Promise<string> {
  return plain(source(tokens));
}

function source(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'html') return token.raw;
      if (token.type === 'br') return '\n';
      if (token.type === 'codespan') return escape((token as Tokens.Codespan).text);
      if (token.type === 'escape') return escape((token as Tokens.Escape).text);
      if ('tokens' in token && token.tokens && token.type !== 'image') return source(token.tokens);
      return 'text' in token && typeof token.text === 'string' ? token.text.replace(/</g, '&lt;') : '';
    })
    .join('');
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** Decodes entities and drops tags. */
async function plain(html: string): Promise<string> {
  if (!/[<&]/.test(html)) return html;
  const { Parser } = await import('htmlparser2');
  let text = '';
  let skipped = 0;
  const parser = new Parser({
    onopentag: (name) => void (skipped += Number(/^(?:script|style)$/.test(name))),
    onclosetag: (name) => void (skipped -= Number(/^(?:script|style)$/.test(name))),
    ontext: (data) => void (text += skipped > 0 ? '' : data),
  });
  parser.end(html);
  return text;
}
