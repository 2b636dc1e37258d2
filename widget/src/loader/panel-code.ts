import type { Panel, PanelModule, Settings, Shell } from '../shell-contract';

/** Puts the panel into a shell. */
export type Mount = (shell: Shell) => Panel;

/** Fetches the panel's code when first called, and again after a failure: then the promise holds undefined. */
export function panelCode(settings: Settings): () => Promise<Mount | undefined> {
  let code: Promise<Mount | undefined> | undefined;
  let attempts = 0;
  return () =>
    // Browsers remember that an address failed, so the next attempt uses another.
    (code ??= import(settings.panelUrl + (attempts++ ? `?${attempts}` : ''))
      .then((module: PanelModule) => module.prepare(settings))
      .catch(() => (code = undefined)));
}
