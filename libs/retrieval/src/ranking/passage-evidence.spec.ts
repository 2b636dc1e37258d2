import type { Passage } from '@app/ai';
import { PassageIndex } from '../index/passage-index';
import { gatherEvidence } from './passage-evidence';
import { PassageReader } from './passage-reader';

const QUESTION = 'How do I get my money back?';
const passage: Passage = {
  id: 'chunk',
  documentId: 'snippet',
  documentTitle: QUESTION,
  version: 1,
  headingPath: [QUESTION],
  language: 'en',
  text: 'Refunds reach the card within five days.',
  score: 0,
};
const snippet: Passage = { ...passage, id: 'other chunk', aliases: ['Where is my reimbursement?'] };

describe('Other wordings of what a passage answers', () => {
  const index = new PassageIndex(0);
  index.add({ ...snippet, language: 'en', vector: null });
  const termsOf = (question: string) =>
    index.termsOf(question, 'en').map((term) => ({ forms: term.forms, rarity: 1, isKnown: index.isKnown(term) }));

  it('are found by', () => {
    const found = (question: string): number =>
      index.search({ terms: index.termsOf(question, 'en'), vector: null }).lexical[0] ?? 0;
    expect(found('reimbursement')).toBeGreaterThan(0);
    expect(found('warranty')).toBe(0);
  });

  it.each(['Where is my reimbursement?', QUESTION])('are evidence that "%s" is answered', (question) => {
    const reader = new PassageReader();
    const evidenceOf = (of: Passage) => gatherEvidence(of, reader.words(of), termsOf(question), null);
    expect(evidenceOf(snippet)).toMatchObject({ coverage: 1, sentenceCoverage: 1 });
    expect(evidenceOf(passage).sentenceCoverage).toBe(0);
  });

  it('are read again when they change', () => {
    const reader = new PassageReader();
    reader.words(snippet);
    const changed = reader.words({ ...snippet, aliases: ['Who pays?'] });
    expect(changed.heading.has('reimburs')).toBe(false);
    expect([...changed.heading]).toEqual(expect.arrayContaining(['pay']));
  });
});
