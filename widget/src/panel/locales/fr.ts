import type { Texts } from './texts';

const fr: Texts = {
  assistant: 'Assistant IA',
  connecting: 'Connexion…',
  reconnecting: 'Reconnexion…',
  offline: 'Vous êtes hors ligne. Vos messages partiront plus tard.',
  unavailable: 'Le chat n’est pas disponible pour le moment.',
  answering: 'Réponse en cours…',
  stop: 'Arrêter',
  stopped: 'Arrêté',
  failed: 'La réponse n’a pas pu être terminée.',
  retry: 'Réessayer',
  notSent: 'Non envoyé',
  tooLong: 'Le message est trop long.',
  limited: 'Limite atteinte. Reprise dans {t}.',
  busy: 'Un instant, vos autres questions d’abord.',
  remaining: 'Messages restants pour l’instant : {n}',
  notFound: 'Introuvable dans les documents',
  sources: 'Sources',
  source: 'Source {n}',
  page: 'page {n}',
  openSource: 'Ouvrir le document',
  suggestions: 'Questions suggérées',
  latest: 'Derniers messages',
  you: 'Vous',
  support: 'Assistance',
  newWindow: 's’ouvre dans un nouvel onglet',
  accept: 'Accepter et commencer',
};

export default fr;
