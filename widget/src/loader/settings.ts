import type { Settings } from '../shell-contract';
import { chooseLocale } from './texts';

/** Reads the attributes of the widget's own script element; undefined when there is no embed key. */
export function readSettings({ dataset, src }: HTMLScriptElement): Settings | undefined {
  const { embedKey, apiUrl, locale } = dataset;
  if (!embedKey) return;
  return {
    ...dataset,
    embedKey,
    // The api serves …/widget/v1/customercare.js below its own base address.
    apiUrl: new URL(apiUrl ? apiUrl.replace(/\/*$/, '/') : '../../', src).href,
    panelUrl: new URL('panel.js', src).href,
    locale: chooseLocale(locale, document.documentElement.lang, navigator.language),
  };
}
