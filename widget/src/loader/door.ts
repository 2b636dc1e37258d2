import { el } from '../dom';
import type { Panel, Settings, Shell, WidgetEvent } from '../shell-contract';
import { wireComposer } from './composer';
import { buildDialog } from './dialog';
import { CHAT, CLOSE, type Frame } from './frame';
import { panelCode } from './panel-code';
import type { LoaderTexts } from './texts';

export interface Door {
  open: () => void;
  close: () => void;
  toggle: () => void;
  send: (text: string) => void;
  /** The site says who the visitor is, or without a token that it is nobody it knows any more. */
  identify: (token?: string | null) => void;
  /** The visitor is about to open: the code may come, nothing else does. */
  warm: () => void;
  destroy: () => void;
}

export interface DoorOptions {
  settings: Settings;
  texts: LoaderTexts;
  frame: Frame;
  emit: (event: WidgetEvent, detail?: unknown) => void;
}

/** Opens and closes the dialog, and keeps what is typed until the panel is there. */
export function createDoor(options: DoorOptions): Door {
  const { settings, texts, emit } = options;
  const { host, launcher } = options.frame;
  const load = panelCode(settings);
  const early: string[] = [];
  let shell: Shell | undefined;
  let panel: Panel | undefined;
  const isOpen = (): boolean => !!shell && !shell.dialog.hidden;
  async function mount(): Promise<void> {
    const putInto = await load();
    // The page may have removed the widget meanwhile.
    if (!shell || !host.isConnected) return;
    if (!putInto) return offer(shell, texts[4], () => void mount());
    panel ??= putInto(shell);
    early.splice(0).forEach((text) => panel?.send(text));
    if (isOpen()) panel.opened();
  }
  function present(takesFocus: boolean): void {
    shell ??= buildShell(options, send, close);
    show(shell, true);
    // Inside the tap, or iOS keeps its keyboard shut.
    if (takesFocus) shell.input.focus({ preventScroll: true });
    void mount();
  }
  function open(): void {
    if (isOpen()) return;
    present(true);
    emit('open');
  }
  function close(): void {
    if (!shell || !isOpen()) return;
    show(shell, false);
    launcher.focus({ preventScroll: true });
    panel?.closed();
    emit('close');
  }
  function send(text: string): void {
    open();
    if (panel) return panel.send(text);
    early.push(text);
    shell?.log.append(el('p', { class: 'me' }, text));
  }
  /** A dialog of its own for each: nothing of the person before may stay in it, not even a draft. */
  function identify(token?: string | null): void {
    settings.identityToken = token || undefined;
    const wasOpen = isOpen();
    const hadFocus = !!options.frame.root.activeElement;
    panel?.destroy();
    shell?.dialog.remove();
    early.length = 0;
    shell = panel = undefined;
    if (wasOpen) present(hadFocus);
  }
  return {
    open,
    close,
    send,
    identify,
    toggle: () => (isOpen() ? close : open)(),
    warm: () => void load(),
    destroy: () => panel?.destroy(),
  };
}

function buildShell(
  { settings, texts, frame: { root, frame, launcher }, emit }: DoorOptions,
  send: (text: string) => void,
  close: () => void,
): Shell {
  const nodes = buildDialog(texts);
  wireComposer(nodes.form, nodes.input, send);
  nodes.closeButton.onclick = close;
  frame.append(nodes.dialog);
  return { ...nodes, settings, root, frame, launcher, isOpen: () => !nodes.dialog.hidden, emit };
}

function offer({ notice }: Shell, label: string, act: () => void): void {
  const button = el('button', { type: 'button' }, label);
  button.onclick = act;
  notice.replaceChildren(button);
}

function show({ dialog, frame, launcher, settings: { theme } }: Shell, isShown: boolean): void {
  const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
  dialog.hidden = !isShown;
  frame.classList.toggle('dark', isDark);
  frame.classList.toggle('open', isShown);
  launcher.setAttribute('aria-expanded', `${isShown}`);
  launcher.querySelector('path')?.setAttribute('d', isShown ? CLOSE : CHAT);
}
