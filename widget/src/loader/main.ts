import { readSettings } from './settings';
import { startWidget } from './widget';

// A page can shadow `document.currentScript` with a named element (DOM clobbering), so its type is checked.
const script = document.currentScript;
const settings = script instanceof HTMLScriptElement && readSettings(script);

function start(): void {
  const queue = window.CustomerCare;
  // A second snippet on the page must not make a second widget. Only our own object has this method.
  if (settings && !(queue && 'destroy' in queue)) startWidget(settings, Array.isArray(queue) ? queue : []);
}

// A host appended while the parser is in <head> would stand before <body>.
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start);
else start();
