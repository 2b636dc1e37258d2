import type { Texts } from './texts';

const pt: Texts = {
  assistant: 'Assistente de IA',
  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  offline: 'Sem conexão. Suas mensagens serão enviadas depois.',
  unavailable: 'O chat não está disponível agora.',
  answering: 'Escrevendo a resposta…',
  stop: 'Parar',
  stopped: 'Parado',
  failed: 'Não foi possível concluir a resposta.',
  retry: 'Tentar de novo',
  notSent: 'Não enviada',
  tooLong: 'A mensagem é longa demais.',
  limited: 'Limite atingido. Continue em {t}.',
  busy: 'Um momento, primeiro as outras perguntas.',
  remaining: 'Mensagens restantes por enquanto: {n}',
  notFound: 'Não encontrado nos documentos',
  sources: 'Fontes',
  source: 'Fonte {n}',
  page: 'página {n}',
  openSource: 'Abrir documento',
  suggestions: 'Perguntas sugeridas',
  latest: 'Últimas mensagens',
  you: 'Você',
  support: 'Suporte',
  newWindow: 'abre em nova aba',
  accept: 'Aceitar e começar',
};

export default pt;
