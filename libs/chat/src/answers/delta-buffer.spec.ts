import { DeltaBuffer } from './delta-buffer';

/** A lone surrogate does not survive UTF-8. */
const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

describe('DeltaBuffer', () => {
  let sent: { offset: number; text: string }[];
  let buffer: DeltaBuffer;

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    buffer = new DeltaBuffer((delta) => sent.push(delta));
  });
  afterEach(() => jest.useRealTimers());

  it('waits 30 ms with less than 24 characters, and then sends once what has come by then', () => {
    buffer.show('Hello');
    jest.advanceTimersByTime(20);
    buffer.show('Hello you');
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(10);
    expect(sent).toEqual([{ offset: 0, text: 'Hello you' }]);
    jest.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(1);
  });

  it('sends 24 characters at once', () => {
    buffer.show('x'.repeat(24));
    expect(sent).toEqual([{ offset: 0, text: 'x'.repeat(24) }]);
  });

  it('sends a long sentence in pieces that join to it, with offsets in UTF-16 units', () => {
    const text = 'Wörter und 🦊🦊 Füchse, die zusammen einen langen Satz ergeben, der in Stücken kommt. '.repeat(4);
    buffer.show(text);
    buffer.flush();
    expect(sent.map((delta) => delta.text).join('')).toBe(text);
    let offset = 0;
    for (const delta of sent) {
      expect(delta.offset).toBe(offset);
      expect(delta.text.length).toBeLessThanOrEqual(48);
      expect(isWellFormed(delta.text)).toBe(true);
      offset += delta.text.length;
    }
  });

  it('cuts no surrogate pair in text without spaces', () => {
    buffer.show(`x${'🦊'.repeat(60)}`);
    buffer.flush();
    expect(sent.length).toBeGreaterThan(1);
    for (const delta of sent) expect(isWellFormed(delta.text)).toBe(true);
  });

  it('sends nothing after it was told to forget', () => {
    buffer.show('Hello');
    buffer.discard();
    jest.advanceTimersByTime(100);
    expect(sent).toEqual([]);
  });
});
