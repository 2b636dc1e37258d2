import { duration } from './duration';

describe('duration', () => {
  it.each([
    [1, 'en', '1 second'],
    [40, 'en', '40 seconds'],
    [99, 'en', '99 seconds'],
    [100, 'en', '2 minutes'],
    [121, 'en', '3 minutes'],
    [5_399, 'en', '90 minutes'],
    [5_400, 'en', '2 hours'],
    [40, 'de', '40 Sekunden'],
    [7_200, 'ja', '2 時間'],
  ])('says %d seconds in %s as %s', (seconds, locale, text) => {
    expect(duration(seconds, locale)).toBe(text);
  });
});
