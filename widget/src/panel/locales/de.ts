import type { Texts } from './texts';

const de: Texts = {
  assistant: 'KI-Assistent',
  connecting: 'Verbinden …',
  reconnecting: 'Neu verbinden …',
  offline: 'Sie sind offline. Ihre Nachrichten werden später gesendet.',
  unavailable: 'Der Chat ist gerade nicht verfügbar.',
  answering: 'Antwort wird geschrieben …',
  stop: 'Stopp',
  stopped: 'Gestoppt',
  failed: 'Die Antwort konnte nicht fertiggestellt werden.',
  retry: 'Noch einmal',
  notSent: 'Nicht gesendet',
  tooLong: 'Die Nachricht ist zu lang.',
  limited: 'Limit erreicht. Weiter in {t}.',
  busy: 'Einen Moment, Ihre anderen Fragen sind zuerst dran.',
  remaining: 'Vorerst noch möglich: {n} Nachrichten',
  notFound: 'In den Dokumenten nicht gefunden',
  sources: 'Quellen',
  source: 'Quelle {n}',
  page: 'Seite {n}',
  openSource: 'Dokument öffnen',
  suggestions: 'Vorgeschlagene Fragen',
  latest: 'Neueste Nachrichten',
  you: 'Sie',
  support: 'Support',
  newWindow: 'öffnet einen neuen Tab',
  accept: 'Zustimmen und beginnen',
};

export default de;
