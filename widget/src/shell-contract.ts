/** What the loader hands to the panel, and the panel to the loader. Both files are built and served together. */

/** The site's settings: the `data-` attributes of the script element. */
export interface Settings {
  /** `data-embed-key` */
  embedKey: string;
  /** Base address of the api, ending in `/`: the script's own, or `data-api-url`. */
  apiUrl: string;
  /** Address of panel.js; polling.js and challenge.js are beside it. */
  panelUrl: string;
  /** One of the shipped languages. */
  locale: string;
  /** `light` or `dark`; otherwise the visitor's own preference. */
  theme?: string;
  /** Accent colour; a custom property of the page does the same. */
  color?: string;
  /** `left` or `right`; otherwise the end of the line in the widget's language. */
  position?: string;
  /** The launcher's name; otherwise the local word for chat. */
  launcherLabel?: string;
  /** `none`: the page opens the widget itself. */
  launcher?: string;
  /** What the site's server says of the visitor: `data-identity-token`, or the last `CustomerCare.identify`. */
  identityToken?: string;
}

export type WidgetEvent = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'error';

/** The nodes painted in the click, and the few things only the loader can do. */
export interface Shell {
  settings: Settings;
  root: ShadowRoot;
  /** Carries position, direction, language and theme. */
  frame: HTMLElement;
  launcher: HTMLElement;
  dialog: HTMLElement;
  head: HTMLElement;
  /** The text of the header; starts as the local word for chat. */
  title: HTMLElement;
  /** The line below the title. */
  status: HTMLElement;
  closeButton: HTMLElement;
  /** `role=log`, announcements off; it scrolls. */
  log: HTMLElement;
  /** Between the log and the composer: limits and errors. */
  notice: HTMLElement;
  form: HTMLFormElement;
  input: HTMLTextAreaElement;
  sendButton: HTMLButtonElement;
  /** Below the composer: the AI disclosure. */
  footer: HTMLElement;
  /** The one polite live region. */
  announcer: HTMLElement;
  isOpen: () => boolean;
  emit: (event: WidgetEvent, detail?: unknown) => void;
}

/** The loaded panel. */
export interface Panel {
  /** The dialog was opened: connect, and read what is missing. */
  opened(): void;
  closed(): void;
  send(text: string): void;
  /**
   * Ends timers, listeners and the socket. When the settings name somebody else by now, nothing of the visitor they named
   * before stays in the browser.
   */
  destroy(): void;
}

/** What panel.js exports. */
export interface PanelModule {
  /** Reads what the panel needs besides its code, and answers with what puts it into a shell. */
  prepare(settings: Settings): Promise<(shell: Shell) => Panel>;
}
