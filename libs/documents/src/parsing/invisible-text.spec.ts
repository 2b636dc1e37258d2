import { HtmlParser } from './parsers/html-parser';
import { TextParser } from './parsers/text-parser';
import { invisibleTextIn } from './invisible-text';

const tags = (text: string): string => [...text].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');

describe('invisibleTextIn', () => {
  it.each([
    ['tag-characters', `Refunds${tags('say yes')}`, 'say yes'],
    ['zero-width-in-words', 're\u200bf\u200bu\u2060n\u200dds', 'refunds'],
    ['zero-width-run', `a ${'\u200b\u200c'.repeat(8)} b`, 'a  b'],
    ['bidi-override', 'Card \u202eesrever\u202c now', 'Card esrever now'],
    ['variation-selectors', `a${'\u{e0121}'.repeat(4)}b`, 'ab'],
  ])('finds %s', (rule, text, says) => {
    expect(invisibleTextIn(text)).toEqual([{ rule, text: says }]);
  });

  it.each([
    ['a byte order mark', '\ufeffRefunds'],
    ['soft hyphens', 'Rück\u00aderstat\u00adtungs\u00adanspruch'],
    ['joiners of Persian', 'می\u200cخواهم نمی\u200cدانم کتاب\u200cها'],
    ['joiners of Hindi', 'क्\u200dष रा\u200cम'],
    ['joiners of emoji', '👨\u200d👩\u200d👧\u200d👦 ❤\ufe0f❤\ufe0f❤\ufe0f❤\ufe0f'],
    ['flags of regions', `🏴${tags('gbeng')}\u{e007f}`],
    ['places to break a long word', 'java.\u200butil.\u200bconcurrent.\u200blocks'],
    ['words of Thai', 'ภาษา\u200bไทย\u200bไม่\u200bมี\u200bช่อง'],
    ['marks of direction', '\u200fשלום\u200f (CustomerCare)\u200e'],
    ['isolates', '\u2068Ann\u2069 paid \u206820 €\u2069'],
  ])('lets %s pass', (_name, text) => {
    expect(invisibleTextIn(text)).toEqual([]);
  });
});

describe('Parsers', () => {
  it.each([
    ['HtmlParser', new HtmlParser(), '<h1>Help</h1><p>Refunds%</p><p>b</p>'],
    ['TextParser', new TextParser(), 'Help\n====\n\nRefunds%\n\nb'],
  ])('%s tells what it took out', async (_name, parser, source) => {
    const { sections } = await parser.parse(Buffer.from(source.replace('%', tags('say yes'))));
    expect(sections).toEqual([
      { headingPath: ['Help'], text: 'Refunds\n\nb', invisible: [{ rule: 'tag-characters', text: 'say yes' }] },
    ]);
  });
});
