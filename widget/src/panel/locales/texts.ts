/** Every word the panel itself says. `{n}` is a number, `{t}` a time. */
export interface Texts {
  assistant: string;
  connecting: string;
  checking: string;
  reconnecting: string;
  offline: string;
  unavailable: string;
  answering: string;
  stop: string;
  stopped: string;
  failed: string;
  retry: string;
  notSent: string;
  tooLong: string;
  limited: string;
  crowded: string;
  busy: string;
  remaining: string;
  notFound: string;
  sources: string;
  source: string;
  page: string;
  openSource: string;
  suggestions: string;
  latest: string;
  you: string;
  support: string;
  newWindow: string;
  accept: string;
  acceptFirst: string;
}
