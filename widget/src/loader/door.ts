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
export function createDoor({ settings, texts, frame: { host, root, frame, launcher }, emit }: DoorOptions): Door {
  const load = panelCode(settings);
  const early: string[] = [];
  let shell: Shell | undefined;
  let panel: Panel | undefined;
  const isOpen = (): boolean => !!shell && !shell.dialog.hidden;

  function buildShell(): Shell {
    const nodes = buildDialog(texts);
    wireComposer(nodes.form, nodes.input, send);
    nodes.closeButton.onclick = close;
    frame.append(nodes.dialog);
    return { ...nodes, settings, root, frame, launcher, isOpen, emit };
  }
  async function mount(): Promise<void> {
    const putInto = await load();
    // The page may have removed the widget meanwhile.
    if (!shell || !host.isConnected) return;
    if (!putInto) {
      const retry = el('button', { type: 'button' }, texts[4]);
      retry.onclick = () => void mount();
      return shell.notice.replaceChildren(retry);
    }
    panel ??= putInto(shell);
    early.splice(0).forEach((text) => panel?.send(text));
    if (isOpen()) panel.opened();
  }
  function open(): void {
    if (isOpen()) return;
    show((shell ??= buildShell()), true);
    // Inside the tap, or iOS keeps its keyboard shut.
    shell.input.focus({ preventScroll: true });
    void mount();
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
  return {
    open,
    close,
    send,
    toggle: () => (isOpen() ? close : open)(),
    warm: () => void load(),
    destroy: () => panel?.destroy(),
  };
}

function show({ dialog, frame, launcher, settings: { theme } }: Shell, isShown: boolean): void {
  const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
  dialog.hidden = !isShown;
  frame.classList.toggle('dark', isDark);
  frame.classList.toggle('open', isShown);
  launcher.setAttribute('aria-expanded', `${isShown}`);
  launcher.querySelector('path')?.setAttribute('d', isShown ? CLOSE : CHAT);
}
