import { el, icon } from '../dom';
import { CHAT, CLOSE } from './frame';
import type { LoaderTexts } from './texts';

/** The nodes of the dialog, painted in the click. */
export function buildDialog([chat, close, placeholder, send]: LoaderTexts) {
  const title = el('h2', { id: 't' }, chat);
  const status = el('p', { class: 'status' });
  const closeButton = el('button', { type: 'button', 'aria-label': close }, icon(CLOSE));
  // Announcements are off: a streamed answer would be read in pieces. The announcer says it once, when it is whole.
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-labelledby': 't', tabindex: 0 });
  const notice = el('div');
  const input = el('textarea', {
    rows: 1,
    'aria-label': placeholder,
    placeholder,
    'aria-describedby': 'f',
    enterkeyhint: 'send',
  });
  const sendButton = el('button', { class: 'send', 'aria-label': send }, icon('M12 19V5M5 12l7-7 7 7'));
  const form = el('form', { part: 'composer' }, input, sendButton);
  const footer = el('p', { id: 'f', dir: 'auto' });
  const announcer = el('div', { class: 'live', role: 'status' });
  const head = el('div', { class: 'head', part: 'header' }, icon(CHAT), el('div', {}, title, status), closeButton);
  const dialog = el(
    'section',
    { class: 'dialog', part: 'dialog', role: 'dialog', 'aria-labelledby': 't' },
    head,
    log,
    notice,
    form,
    footer,
    announcer,
  );
  return { dialog, head, title, status, closeButton, log, notice, input, sendButton, form, footer, announcer };
}
