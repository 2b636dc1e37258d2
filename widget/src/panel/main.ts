import type { Panel, Settings, Shell } from '../shell-contract';
import { Chat } from './chat';
import { loadTexts } from './locales/load-texts';

/** Reads the language the panel speaks; then it can be put into a shell. */
export async function prepare({ locale, panelUrl }: Settings): Promise<(shell: Shell) => Panel> {
  const texts = await loadTexts(locale, panelUrl);
  return (shell) => new Chat(shell, texts);
}
