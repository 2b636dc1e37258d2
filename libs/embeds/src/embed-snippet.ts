import type { EmbedConfig } from './embed-config';

/**
 * The script tag to paste. What the widget must know before it has asked the server stands in it: where the launcher is,
 * what it is called, its colour and the language.
 */
export function snippetOf(publicUrl: string, embedKey: string, config: EmbedConfig): string {
  const attributes: [string, string | null][] = [
    ['data-embed-key', embedKey],
    ['data-color', config.accentColor],
    ['data-position', config.position],
    ['data-launcher-label', config.launcherLabel],
    ['data-locale', config.locale],
  ];
  const written = attributes.flatMap(([name, value]) => (value === null ? [] : [` ${name}="${escapeHtml(value)}"`]));
  return `<script async src="${publicUrl}/widget/v1/customercare.js"${written.join('')}></script>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

const escapeHtml = (text: string): string => text.replace(/[&"<>]/g, (character) => ENTITIES[character] ?? character);
