import type { PassageHit } from '@app/retrieval';
import { newId } from '@app/kernel';

export const WARRANTY_SENTENCES = [
  'Send form W-1 together with the original receipt of your purchase.',
  'Pack the broken appliance into the carton it was delivered in.',
  'The workshop repairs the appliance within fourteen working days.',
];

/** A passage whose sentences share no words, so that each supports only itself. */
export const warrantyPassage = (workspaceId: string): PassageHit => ({
  id: newId(),
  documentId: workspaceId,
  documentTitle: 'Warranty',
  version: 1,
  headingPath: ['Warranty', 'Claims'],
  page: 3,
  language: 'en',
  text: WARRANTY_SENTENCES.join(' '),
  score: 0.9,
  legs: {},
});
