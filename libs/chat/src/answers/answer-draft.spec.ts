import type { Passage, VerifiedSentence } from '@app/ai';
import { AnswerDraft } from './answer-draft';

const passage = (id: string, text: string): Passage => ({
  id,
  documentId: `document-${id}`,
  documentTitle: id,
  version: 2,
  headingPath: [],
  text,
  score: 1,
});
const sentence = (text: string, ...cited: [marker: number, passage: Passage, quote: string][]): VerifiedSentence => ({
  isSupported: true,
  text,
  citations: cited.map(([marker, of, quote]) => ({ marker, passage: of, quote, support: 1 })),
});

describe('AnswerDraft', () => {
  const a = passage('a', 'One. Two.  Three. Four.');
  const b = passage('b', 'Uno.');

  it('counts markers in the order a reader meets them', () => {
    const draft = new AnswerDraft();
    draft.add('', sentence('Eins [7].', [7, b, 'Uno.']));
    draft.add(' ', sentence('Zwei [2][7].', [2, a, 'Two.'], [7, b, 'Uno.']));
    expect(draft.text).toBe('Eins [1]. Zwei [2][1].');
    expect(draft.citations().map(({ marker, documentId, quote }) => [marker, documentId, quote])).toEqual([
      [1, 'document-b', 'Uno.'],
      [2, 'document-a', 'Two.'],
    ]);
  });

  it('leads to the page that a document was made of, where there is one', () => {
    const draft = new AnswerDraft();
    const page = { ...b, url: 'https://www.example.com/b' };
    draft.add('', sentence('Eins [1][2].', [1, a, 'One.'], [2, page, 'Uno.']));
    expect(draft.citations().map(({ url }) => url)).toEqual([undefined, 'https://www.example.com/b']);
  });

  it('quotes the verbatim stretch that holds all sentences cited from a passage', () => {
    const draft = new AnswerDraft();
    draft.add('', sentence('Drei [1].', [1, a, 'Three.']));
    draft.add(' ', sentence('Zwei [1].', [1, a, 'Two.']));
    expect(draft.citations()).toHaveLength(1);
    expect(draft.citations()[0]?.quote).toBe('Two.  Three.');
    expect(a.text).toContain(draft.citations()[0]?.quote);
  });

  it('keeps the quote when it is not verbatim', () => {
    const draft = new AnswerDraft();
    draft.add('', sentence('Zwei [1].', [1, a, 'Two!']));
    draft.add('', sentence('Vier [1].', [1, a, 'Four.']));
    expect(draft.citations()[0]?.quote).toBe('Two!');
  });

  it('keeps line breaks between sentences and starts without any', () => {
    const draft = new AnswerDraft();
    draft.add('\n\n', sentence('Eins.'));
    draft.add('\n', sentence('Zwei.'));
    draft.add('', sentence('Drei.'));
    expect(draft.text).toBe('Eins.\nZwei. Drei.');
  });
});
