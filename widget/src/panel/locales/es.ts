import type { Texts } from './texts';

const es: Texts = {
  assistant: 'Asistente de IA',
  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  offline: 'Sin conexión. Tus mensajes se enviarán más tarde.',
  unavailable: 'El chat no está disponible ahora.',
  answering: 'Escribiendo la respuesta…',
  stop: 'Detener',
  stopped: 'Detenido',
  failed: 'No se pudo completar la respuesta.',
  retry: 'Reintentar',
  notSent: 'No enviado',
  tooLong: 'El mensaje es demasiado largo.',
  limited: 'Límite alcanzado. Puedes seguir en {t}.',
  busy: 'Un momento, primero tus otras preguntas.',
  remaining: 'Mensajes disponibles por ahora: {n}',
  notFound: 'No está en los documentos',
  sources: 'Fuentes',
  source: 'Fuente {n}',
  page: 'página {n}',
  openSource: 'Abrir documento',
  suggestions: 'Preguntas sugeridas',
  latest: 'Últimos mensajes',
  you: 'Tú',
  support: 'Soporte',
  newWindow: 'se abre en otra pestaña',
  accept: 'Aceptar y empezar',
};

export default es;
