import type { Finding } from './finding';
import { actionFor, DEFAULT_INSPECTION_POLICY } from './inspection-policy';

const of = (...kinds: Finding['kind'][]) => kinds.map((kind) => ({ kind }));

describe('actionFor', () => {
  it('flags by default, and does nothing about a document without findings', () => {
    expect(DEFAULT_INSPECTION_POLICY).toEqual({ injection: 'flag', hiddenText: 'flag' });
    expect(actionFor([])).toBe('none');
    expect(actionFor([], { injection: 'quarantine', hiddenText: 'quarantine' })).toBe('none');
    expect(actionFor(of('injection', 'hidden-text', 'invisible-characters'))).toBe('flag');
  });

  it.each([
    ['injection', 'quarantine', 'flag'],
    ['hidden-text', 'flag', 'quarantine'],
    ['invisible-characters', 'flag', 'quarantine'],
  ] as const)('asks the policy that %s belongs to', (kind, whenInjection, whenHidden) => {
    expect(actionFor(of(kind), { injection: 'quarantine', hiddenText: 'flag' })).toBe(whenInjection);
    expect(actionFor(of(kind), { injection: 'flag', hiddenText: 'quarantine' })).toBe(whenHidden);
  });

  it('takes the strictest of several', () => {
    const policy = { injection: 'flag', hiddenText: 'quarantine' } as const;
    expect(actionFor(of('injection', 'hidden-text', 'injection'), policy)).toBe('quarantine');
  });
});
