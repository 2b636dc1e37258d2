import { chooseLocale, loaderTexts } from '../../loader/texts';
import ar from './ar';
import de from './de';
import { en } from './en';
import es from './es';
import fr from './fr';
import hi from './hi';
import ja from './ja';
import { fill } from './load-texts';
import pt from './pt';
import type { Texts } from './texts';
import zh from './zh';

const LOCALES: Record<string, Texts> = { ar, de, en, es, fr, hi, ja, pt, zh };
const keys = Object.keys(en) as (keyof Texts)[];

describe.each(Object.entries(LOCALES))('the texts in %s', (locale, texts) => {
  it('are complete and keep the places for numbers and times', () => {
    expect(Object.keys(texts).sort()).toEqual([...keys].sort());
    const places = (text: string): string[] => text.match(/\{[a-z]\}/g) ?? [];
    for (const key of keys) {
      expect(texts[key].trim()).not.toBe('');
      expect([key, places(texts[key])]).toEqual([key, places(en[key])]);
    }
  });

  it('have their part in the loader', () => {
    expect(chooseLocale(locale)).toBe(locale);
    expect(loaderTexts(locale).filter((text) => text.trim())).toHaveLength(loaderTexts('en').length);
  });
});

describe('chooseLocale', () => {
  it.each([
    [['pt-BR'], 'pt'],
    [['ZH_Hant', 'de'], 'zh'],
    [[undefined, '', 'fr-CA'], 'fr'],
    [['xx', 'ja'], 'ja'],
    [['xx'], 'en'],
    [['toString'], 'en'],
    [[], 'en'],
  ])('takes from %j %s', (wishes, locale) => {
    expect(chooseLocale(...wishes)).toBe(locale);
  });
});

describe('fill', () => {
  it('puts a value into its place', () => {
    expect([fill('Source {n}', 3), fill('in {t}.', '0:07')]).toEqual(['Source 3', 'in 0:07.']);
  });
});
