import type { WidgetConfig } from '@app/chat-protocol';
import type { Shell } from '../../shell-contract';

/**
 * The looks that belong to the embed. What the page says itself wins: its custom properties and the attributes of its
 * script element.
 */
export function applyTheme({ root, frame, settings }: Shell, config: WidgetConfig): void {
  const { accentColor, onAccentColor, position, direction } = config;
  const page = getComputedStyle(root.host);
  const own = page.getPropertyValue('--cc-accent');
  if (accentColor && (!own || own === accentColor)) {
    frame.style.setProperty('--cc-accent', accentColor);
    if (onAccentColor && !page.getPropertyValue('--cc-on-accent'))
      frame.style.setProperty('--cc-on-accent', onAccentColor);
  }
  if (direction) frame.dir = direction;
  if (!settings.position && (position || direction)) {
    frame.classList.remove('ltr', 'rtl', 'left', 'right');
    frame.classList.add(position ?? frame.dir);
  }
}
