import { REFUSAL_LANGUAGES, refusalText } from './refusals';

describe('refusalText', () => {
  it.each(['en', 'de', 'es', 'fr', 'pt', 'ru', 'zh', 'ja', 'ar', 'hi'])('speaks %s', (language) => {
    expect(REFUSAL_LANGUAGES).toContain(language);
    const others = REFUSAL_LANGUAGES.filter((other) => other !== language).map((other) => refusalText(other));
    expect(others).not.toContain(refusalText(language));
  });

  it.each([
    [[null, 'de-AT'], 'de'],
    [['xx', 'pt-BR'], 'pt'],
    [['ZH'], 'zh'],
    [['fr', 'de'], 'fr'],
    [[null, undefined], 'en'],
    [['constructor'], 'en'],
    [[], 'en'],
  ])('for %j takes %s', (candidates, language) => {
    expect(refusalText(...candidates)).toBe(refusalText(language));
  });
});
