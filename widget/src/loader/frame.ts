import { el, icon, styleSheet } from '../dom';
import type { Settings } from '../shell-contract';
import css from './loader.css';
import type { LoaderTexts } from './texts';

/** A speech bubble with three dots. */
export const CHAT = 'M21 12a8.5 8.5 0 0 1-12.6 7.4l-4.9 1.1 1.2-4.6A8.5 8.5 0 1 1 21 12zM8.5 12h0m4 0h0m4 0h0';
export const CLOSE = 'M6 6l12 12M18 6 6 18';

export type Frame = ReturnType<typeof buildFrame>;

/** The host element, its shadow root and the launcher: all there is before the visitor acts. */
export function buildFrame(
  { locale, color, position, launcher: launcherMode, launcherLabel }: Settings,
  [chat]: LoaderTexts,
) {
  const host = document.createElement('customer-care');
  // The page's style sheets reach the host element; nothing but an important inline declaration beats them all.
  host.style.setProperty('all', 'initial', 'important');
  if (color) host.style.setProperty('--cc-accent', color);
  const launcher = el(
    'button',
    {
      type: 'button',
      class: 'launcher',
      part: 'launcher',
      'aria-label': launcherLabel ?? chat,
      'aria-haspopup': 'dialog',
      'aria-expanded': 'false',
    },
    icon(CHAT),
  );
  launcher.hidden = launcherMode === 'none';
  const dir = locale === 'ar' ? 'rtl' : 'ltr';
  const frame = el('div', { class: `cc ${position ?? dir}`, dir, lang: locale }, launcher);
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [styleSheet(css)];
  root.append(frame);
  return { host, root, frame, launcher };
}
