import type { WidgetEvent } from '../shell-contract';

/** Gets the event; what is known about it is in `event.detail`. */
type Listener = (event: CustomEvent) => void;

/** The name of a method and its arguments. */
export type QueuedCall = [method: string, ...args: unknown[]];

/** `window.CustomerCare`, the page's side of the widget. docs/widget.md says what each does. */
export interface SiteApi {
  open: () => void;
  close: () => void;
  toggle: () => void;
  send: (text: string) => void;
  identify: (token?: string | null) => void;
  on: (event: WidgetEvent, listener: Listener) => void;
  off: (event: WidgetEvent, listener: Listener) => void;
  destroy: () => void;
  /** A queued call: `push(['open'])`. Before the script has loaded, a plain array takes these. */
  push: (...calls: QueuedCall[]) => void;
}

declare global {
  interface Window {
    CustomerCare?: SiteApi | QueuedCall[];
  }
}
