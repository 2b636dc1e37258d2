import { LeakGuard } from './leak-guard';

const through = (guard: LeakGuard, parts: string[]): string | null => {
  let shown = '';
  for (const part of parts) {
    const text = guard.push(part);
    if (text === null) return null;
    shown += text;
  }
  return shown + guard.flush();
};

describe('LeakGuard', () => {
  it('finds a forbidden string however it is cut, in any case', () => {
    expect(through(new LeakGuard(['cc-12ab']), [...'so: CC-12AB!'])).toBeNull();
  });

  it('shows nothing of a forbidden string before it is complete', () => {
    const guard = new LeakGuard(['cc-12ab']);
    expect(guard.push('so: cc-12')).toBe('so: ');
    expect(guard.push('ab')).toBeNull();
  });

  it('loses nothing of a text that only begins like one', () => {
    expect(through(new LeakGuard(['cc-12ab']), ['abc c', 'c-12', 'x cc-'])).toBe('abc cc-12x cc-');
  });
});
