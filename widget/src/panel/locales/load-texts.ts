import { en } from './en';
import type { Texts } from './texts';

/** The panel's words. English is built in, every other language is a file beside panel.js; without it, English. */
export async function loadTexts(locale: string, panelUrl: string): Promise<Texts> {
  if (locale === 'en') return en;
  try {
    // The files hold what widget/src/panel/locales holds; a test checks that no text is missing.
    const file = (await import(new URL(`locale-${locale}.js`, panelUrl).href)) as { default: Texts };
    return file.default;
  } catch {
    return en;
  }
}

/** Puts a number or a time into a text. */
export function fill(text: string, value: number | string): string {
  return text.replace(/\{[nt]\}/, `${value}`);
}
