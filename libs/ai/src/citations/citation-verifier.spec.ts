import type { Passage } from '../passage';
import { answerableRequest } from '../testing/describe-answer-provider';
import { CitationVerifier } from './citation-verifier';

const verifier = new CitationVerifier();
const { passages } = answerableRequest();

const passage = (text: string, overrides: Partial<Passage> = {}): Passage => ({
  id: 'chunk',
  documentId: 'document',
  documentTitle: 'Help',
  version: 1,
  headingPath: [],
  language: 'en',
  text,
  score: 1,
  ...overrides,
});

describe('CitationVerifier', () => {
  it('supports a sentence its passage says, and quotes it verbatim', () => {
    const { isSupported, text, citations } = verifier.verify('A refund takes five working days. [1]', passages);
    expect(isSupported).toBe(true);
    expect(text).toBe('A refund takes five working days. [1]');
    expect(citations[0]?.quote).toContain('A refund takes five working days.');
    expect(passages[0]?.text).toContain(citations[0]?.quote ?? '?');
  });

  it('supports a paraphrase that keeps the informative words', () => {
    expect(verifier.verify('You will be refunded to the card used for your booking. [1]', passages).isSupported).toBe(
      true,
    );
  });

  it('does not support what no passage says', () => {
    expect(verifier.verify('Refunds are made in cash at the counter. [1]', passages)).toMatchObject({
      isSupported: false,
      citations: [],
    });
  });

  it('does not support a number that the passage does not have', () => {
    const [limit] = [passage('You can block up to 30 addresses per site.')];
    expect(verifier.verify('You can block up to 30 addresses per site. [1]', [limit]).isSupported).toBe(true);
    expect(verifier.verify('You can block up to 50 addresses per site. [1]', [limit]).isSupported).toBe(false);
  });

  it('does not take the number of a step for a claim', () => {
    expect(verifier.verify('7. Tap the booking. [1]', [passage('Tap the booking.')]).isSupported).toBe(true);
  });

  it('corrects a marker that points at the wrong passage', () => {
    const { text, citations } = verifier.verify('A refund takes five working days. [2]', passages);
    expect(text).toBe('A refund takes five working days. [1]');
    expect(citations.map(({ marker }) => marker)).toEqual([1]);
  });

  it('adds the marker a sentence lacks', () => {
    expect(verifier.verify('A refund takes five working days.', passages).text).toBe(
      'A refund takes five working days. [1]',
    );
  });

  it('drops the marker of a passage that does not support the sentence beside one that does', () => {
    expect(verifier.verify('A refund takes five working days. [1][2]', passages).text).toBe(
      'A refund takes five working days. [1]',
    );
  });

  it('ignores markers without a passage', () => {
    expect(verifier.verify('The moon is made of cheese. [9]', passages).isSupported).toBe(false);
  });

  it('quotes several sentences when only together they say it', () => {
    const two = passage(
      'Marta runs the desk on Mondays. She also repairs projectors, bicycles and other machines there.',
    );
    const { citations } = verifier.verify('Marta repairs projectors and bicycles at the desk. [1]', [two]);
    expect(citations[0]?.quote).toBe(two.text);
  });

  it('shows a short table cell with what stands beside it', () => {
    const table = passage('Product: Marathon Package\nEstimate: EST-456\nOrder type: Premium\nRegion: Northeast');
    const { citations } = verifier.verify('Product: Marathon Package [1]', [table]);
    expect(citations[0]?.quote).toContain('Product: Marathon Package\nEstimate: EST-456');
  });

  it('checks other languages by their own words', () => {
    const german = passage('Erstattungen dauern fünf Werktage. Das Kino hat sechs Säle.', { language: 'de' });
    expect(verifier.verify('Die Erstattung dauert fünf Werktage. [1]', [german]).isSupported).toBe(true);
    expect(verifier.verify('Der Eintritt ist für Kinder frei. [1]', [german]).isSupported).toBe(false);
  });

  it('does not support a sentence that says nothing', () => {
    expect(verifier.verify('Yes. [1]', passages).isSupported).toBe(false);
  });
});
