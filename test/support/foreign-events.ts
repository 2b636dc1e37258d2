import { randomUUID } from 'node:crypto';
import type { ClientEvents, InboxClientEvents } from '@app/chat-protocol';
import type { Company } from './company';

interface ForeignEvent {
  what: string;
  event: string;
  payload: unknown;
}

type Payloads<Events extends Record<keyof Events, { payload: unknown }>> = {
  [Event in keyof Events]: Events[Event]['payload'];
};

/** What the visitor of one company may try on the socket to get at another's. Nothing of it may be acknowledged. */
export function foreignEvents(mine: Company, theirs: Company): ForeignEvent[] {
  // Typed by the protocol: an event that is added there and has no example here does not compile.
  const valid: Payloads<ClientEvents> = {
    'message-send': { clientMessageId: randomUUID(), text: 'Hello' },
    'answer-stop': { answerId: mine.answerId },
    'conversation-sync': { afterSeq: 0 },
    'token-renew': { token: mine.visitor.session.visitorToken },
  };
  const foreign: ForeignEvent[] = [
    { what: 'their answer', event: 'answer-stop', payload: { answerId: theirs.answerId } },
    { what: 'their answer in upper case', event: 'answer-stop', payload: { answerId: theirs.answerId.toUpperCase() } },
    { what: 'nobody’s answer', event: 'answer-stop', payload: { answerId: randomUUID() } },
    { what: 'their token', event: 'token-renew', payload: { token: theirs.visitor.session.visitorToken } },
    { what: 'an admin’s token', event: 'token-renew', payload: { token: theirs.admin.session.accessToken } },
    { what: 'their resume token', event: 'token-renew', payload: { token: theirs.visitor.session.resumeToken } },
    { what: 'an event nobody knows', event: 'conversation-join', payload: { conversationId: conversationOf(theirs) } },
  ];
  return [...foreign, ...Object.entries(valid).flatMap(([event, payload]) => malformed(event, payload, theirs))];
}

/** What a member of one company may try in their inbox to get at another's. */
export function foreignInboxEvents(mine: Company, theirs: Company): ForeignEvent[] {
  const valid: Payloads<InboxClientEvents> = {
    'conversation-list': { limit: 10, cursor: undefined },
    'token-renew': { token: mine.admin.session.accessToken },
  };
  const foreign: ForeignEvent[] = [
    { what: 'their token', event: 'token-renew', payload: { token: theirs.admin.session.accessToken } },
    { what: 'their visitor’s token', event: 'token-renew', payload: { token: theirs.visitor.session.visitorToken } },
    { what: 'an event of visitors', event: 'conversation-sync', payload: { afterSeq: 0 } },
    { what: 'an event nobody knows', event: 'conversation-join', payload: { conversationId: conversationOf(theirs) } },
  ];
  return [...foreign, ...Object.entries(valid).flatMap(([event, payload]) => malformed(event, payload, theirs))];
}

const conversationOf = (company: Company): string => company.ids['conversationId'] ?? '';

/** The valid payload with one thing wrong: a field too many that names something foreign, or a value of another type. */
function malformed(event: string, valid: object, theirs: Company): ForeignEvent[] {
  const extra = {
    conversationId: conversationOf(theirs),
    workspaceId: theirs.admin.workspaceId,
    visitorId: randomUUID(),
  };
  const additions = Object.entries(extra).map(([name, id]) => ({
    what: `${event} with a foreign ${name}`,
    event,
    payload: { ...valid, [name]: id },
  }));
  const values: unknown[] = [null, [], {}, [theirs.answerId], { toString: 1 }, -1, 1.5, '', theirs.answerId.slice(1)];
  const wrong = Object.keys(valid).flatMap((field) =>
    values
      .filter((value) => !isAllowed(field, value))
      .map((value) => ({
        what: `${event} with ${field} ${JSON.stringify(value)}`,
        event,
        payload: { ...valid, [field]: value },
      })),
  );
  const whole = [null, [], 'text', 7, [valid]].map((payload) => ({
    what: `${event} with ${JSON.stringify(payload)} for a payload`,
    event,
    payload,
  }));
  return [...additions, ...wrong, ...whole];
}

/** Any text may be asked; of other fields none of the wrong values is right. */
const isAllowed = (field: string, value: unknown): boolean =>
  field === 'text' && typeof value === 'string' && value !== '';
