import type { Settings } from '../shell-contract';
import { createDoor } from './door';
import { buildFrame } from './frame';
import type { QueuedCall, SiteApi } from './site-api';
import { loaderTexts } from './texts';

/** Paints the launcher, waits for the visitor, and puts `window.CustomerCare` in place. */
export function startWidget(settings: Settings, queue: readonly QueuedCall[]): void {
  const texts = loaderTexts(settings.locale);
  const frame = buildFrame(settings, texts);
  const events = new EventTarget();
  const emit = (name: string, detail?: unknown): void => {
    events.dispatchEvent(new CustomEvent(name, { detail }));
  };
  const { open, close, toggle, send, identify, warm, destroy } = createDoor({ settings, texts, frame, emit });
  const { host, launcher } = frame;
  launcher.onclick = toggle;
  launcher.onpointerenter = launcher.onfocus = launcher.ontouchstart = warm;
  guard(frame.frame, close);

  const api: SiteApi = {
    open,
    close,
    toggle,
    send,
    identify,
    // The page's listeners take the events this target makes.
    on: (name, listener) => events.addEventListener(name, listener as EventListener),
    off: (name, listener) => events.removeEventListener(name, listener as EventListener),
    destroy() {
      destroy();
      host.remove();
      delete window.CustomerCare;
    },
    push: (...calls) => {
      // The names come from the page; an unknown one is ignored.
      const methods = api as unknown as Record<string, ((...args: unknown[]) => void) | undefined>;
      for (const [method, ...args] of calls) methods[method]?.(...args);
    },
  };
  document.documentElement.append(host);
  window.CustomerCare = api;
  api.push(...queue);
  emit('ready');
}

/** Esc closes. The page's shortcuts, focus traps and scroll locks do not see what happens in here. */
function guard(frame: HTMLElement, close: () => void): void {
  frame.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing) close();
  });
  for (const name of ['keydown', 'keypress', 'keyup', 'focusin', 'wheel', 'touchmove'])
    frame.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
}
