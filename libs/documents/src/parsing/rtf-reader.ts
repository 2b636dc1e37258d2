import { AppError } from '@app/kernel';
import { decodeCharset } from '../formats/decode-text';
import { RtfBody } from './rtf-body';
import { codePageOfFont, labelOfCodePage } from './rtf-charsets';
import { PLAIN_LOOK, type RtfLook, RtfLooks } from './rtf-looks';
import { type RtfToken, rtfTokens } from './rtf-tokens';
import type { SectionBuilder } from './section-builder';

const MAX_DEPTH = 1_000;
/** Half points up to which nobody can read. */
const UNREADABLE_HALF_POINTS = 4;
/** Destinations whose text is not the document's: tables of fonts and colours, pictures, objects, remarks, page headers. */
const SKIPPED = new Set(
  'fonttbl colortbl stylesheet info pict objdata fldinst header headerl headerr headerf footer footerl footerr footerf annotation nonshppict xe tc txe rxe sp revtbl listtable listoverridetable filetbl themedata datastore ftnsep ftnsepc aftnsep private1 bkmkstart bkmkend title'.split(
    ' ',
  ),
);
/** Destinations that old readers skip (`\*`) and that hold shown text. */
const SHOWN_IF_KNOWN = new Set(['shpinst', 'shptxt', 'shprslt', 'listtext', 'pntext']);
const DESTINATIONS = new Set([...SKIPPED, ...SHOWN_IF_KNOWN, 'footnote']);
const SIGNS: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  '~': ' ',
  _: '-',
  '\\': '\\',
  '{': '{',
  '}': '}',
};
const HEADING_STYLE = /^(?:heading|überschrift|titre|título|titolo|заголовок)\s*([1-6])/i;

interface Group {
  destination: string | undefined;
  isSkipped: boolean;
  isHidden: boolean;
  isTiny: boolean;
  isDeleted: boolean;
  isInShape: boolean;
  look: RtfLook;
  /** Characters after `\u` that stand in for it in old readers. */
  fallbackChars: number;
  font: number | undefined;
}

/** RTF → sections. Groups are counted, not recursed into. */
export class RtfReader {
  title = '';
  private readonly groups: Group[] = [];
  private group: Group = {
    destination: undefined,
    isSkipped: false,
    isHidden: false,
    isTiny: false,
    isDeleted: false,
    isInShape: false,
    look: PLAIN_LOOK,
    fallbackChars: 1,
    font: undefined,
  };
  private readonly body: RtfBody;
  private readonly words: Readonly<Record<string, (parameter: number | undefined) => void>> = {
    u: (code = 0) => this.unicode(code),
    uc: (count = 1) => void (this.group.fallbackChars = Math.max(0, Math.min(count, 8))),
    v: (value) => void (this.group.isHidden = value !== 0),
    webhidden: (value) => void (this.group.isHidden = value !== 0),
    deleted: (value) => void (this.group.isDeleted = value !== 0),
    fs: (halfPoints = 24) => void (this.group.isTiny = halfPoints <= UNREADABLE_HALF_POINTS),
    f: (number) => void (this.group.font = number),
    cf: (letters = 0) => this.look({ letters }),
    cb: (behindLetters = 0) => this.look({ behindLetters }),
    chcbpat: (behindLetters = 0) => this.look({ behindLetters }),
    highlight: (behindLetters = 0) => this.look({ behindLetters }),
    cbpat: (behindParagraph = 0) => this.look({ behindParagraph }),
    clcbpat: (colour = 0) => this.looks.fillCell(colour),
    viewbksp: (isShown = 1) => void (isShown !== 0 && this.looks.fillPage()),
    plain: () => this.plain(),
    ansicpg: (page = 1252) => void (this.codePage = page),
    mac: () => void (this.codePage = 10000),
    par: () => this.body.endParagraph(),
    sect: () => this.body.endParagraph(),
    page: () => this.body.endParagraph(),
    '\n': () => this.body.endParagraph(),
    '\r': () => this.body.endParagraph(),
    pard: () => this.startPlain(),
    outlinelevel: (level = 0) => this.body.heading(level + 1),
    s: (style = 0) => this.body.heading(this.headings.get(style)),
    intbl: () => this.body.inTable(),
    trowd: () => this.startRow(),
    trhdr: () => this.body.headerRow(),
    cell: () => this.body.endCell(),
    nestcell: () => this.body.add(' '),
    row: () => this.body.endRow(),
  };
  private readonly looks = new RtfLooks();
  private readonly fonts = new Map<number, number>();
  private readonly headings = new Map<number, number>();
  private codePage = 1252;
  private pending: Buffer[] = [];
  private isIgnorable = false;
  private toSkip = 0;
  private definition = { number: 0, name: '' };

  constructor(sections: SectionBuilder) {
    this.body = new RtfBody(sections);
  }

  read(file: Buffer): void {
    for (const token of rtfTokens(file)) this.token(token);
    this.flush();
    this.body.end();
  }

  private token(token: RtfToken): void {
    if (token.type === 'bytes') return this.bytes(token.bytes);
    this.flush();
    if (token.type === 'open') this.openGroup();
    else if (token.type === 'close') this.closeGroup();
    else this.word(token.word, token.parameter);
  }

  private openGroup(): void {
    if (this.groups.length >= MAX_DEPTH) {
      throw new AppError('document.too-complex', { detail: 'Its groups nest too deep' });
    }
    this.groups.push(this.group);
    this.group = { ...this.group };
    this.isIgnorable = false;
    this.toSkip = 0;
  }

  private closeGroup(): void {
    const closed = this.group;
    this.group = this.groups.pop() ?? this.group;
    this.toSkip = 0;
    if (closed.destination !== this.group.destination) {
      if (closed.destination === 'listtext' || closed.destination === 'pntext') this.body.endMarker();
      if (closed.destination === 'footnote') this.body.endNote();
    }
    if (closed.destination === 'stylesheet') this.endStyle();
  }

  private word(word: string, parameter: number | undefined): void {
    if (word === '*') {
      this.isIgnorable = true;
      return;
    }
    const isSign = Object.hasOwn(SIGNS, word);
    if (!isSign) this.toSkip = 0;
    if (this.isIgnorable && !SHOWN_IF_KNOWN.has(word)) this.group.isSkipped = true;
    this.isIgnorable = false;
    if (DESTINATIONS.has(word)) this.enter(word);
    else if (this.group.isSkipped) this.define(word, parameter);
    else if (isSign) this.sign(SIGNS[word] ?? '');
    else if (Object.hasOwn(this.words, word)) this.words[word]?.(parameter);
  }

  private enter(destination: string): void {
    this.group.destination = destination;
    if (SKIPPED.has(destination)) this.group.isSkipped = true;
    else if (destination === 'shptxt') this.group.isInShape = true;
    else if (destination === 'footnote') this.body.startNote();
    else if (destination === 'listtext' || destination === 'pntext') this.body.startMarker();
  }

  private look(change: Partial<RtfLook>): void {
    this.group.look = { ...this.group.look, ...change };
  }

  private plain(): void {
    Object.assign(this.group, { isHidden: false, isTiny: false, font: undefined });
    this.look({ letters: 0, behindLetters: 0 });
  }

  private startPlain(): void {
    this.look({ behindParagraph: 0 });
    this.body.startPlain();
  }

  private startRow(): void {
    this.looks.startRow();
    this.body.startRow();
  }

  /** Inside the tables at the file's beginning. */
  private define(word: string, parameter = 0): void {
    if (this.group.destination === 'colortbl') return this.looks.channel(word, parameter);
    if (word === 'f' || word === 's') this.definition.number = parameter;
    const page = word === 'fcharset' ? codePageOfFont(parameter) : undefined;
    if (page !== undefined && this.group.destination === 'fonttbl') this.fonts.set(this.definition.number, page);
  }

  private endStyle(): void {
    const level = HEADING_STYLE.exec(this.definition.name)?.[1];
    if (level !== undefined) this.headings.set(this.definition.number, Number(level));
    this.definition = { number: 0, name: '' };
  }

  private sign(text: string): void {
    if (this.toSkip > 0) this.toSkip--;
    else this.add(text);
  }

  private unicode(code: number): void {
    this.add(String.fromCharCode(code & 0xffff)); // negative above 32767; halves of pairs come one by one
    this.toSkip = this.group.fallbackChars;
  }

  private bytes(bytes: Buffer): void {
    const skipped = Math.min(this.toSkip, bytes.length);
    this.toSkip -= skipped;
    if (bytes.length > skipped) this.pending.push(bytes.subarray(skipped));
  }

  /** Bytes of one character may come in several tokens. */
  private flush(): void {
    if (this.pending.length === 0) return;
    const bytes = Buffer.concat(this.pending);
    this.pending = [];
    const page = (this.group.font === undefined ? undefined : this.fonts.get(this.group.font)) ?? this.codePage;
    this.add(decodeCharset(bytes, labelOfCodePage(page)) ?? bytes.toString('latin1'));
  }

  /** Blanks have no colour. */
  private isHiding(text: string): boolean {
    const { isHidden, isTiny, look, isInShape } = this.group;
    return isHidden || isTiny || (text.trim() !== '' && this.looks.isUnseen(look, isInShape));
  }

  private add(text: string): void {
    if (this.group.destination === 'title') this.title += text;
    else if (this.group.destination === 'stylesheet') this.definition.name += text;
    else if (this.group.destination === 'colortbl') this.looks.endColours(text);
    else if (this.group.isSkipped || this.group.isDeleted) return;
    else if (this.isHiding(text)) this.body.addHidden(text);
    else this.body.add(text);
  }
}
