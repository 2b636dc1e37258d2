/**
 * What the widget and the gateway say to each other, version 1.
 * Both import these types, so a change that breaks one side does not compile. No framework may be imported here.
 */
export const CHAT_NAMESPACE = '/chat';
/** The Socket.IO endpoint. */
export const SOCKET_PATH = '/socket.io';
export const MAX_MESSAGE_CHARS = 4000;
export const MAX_SOCKET_PAYLOAD_BYTES = 64 * 1024;
/** Questions that may wait behind the one being answered. */
export const MAX_QUEUED_QUESTIONS = 3;

export interface ChatProblem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  requestId?: string;
  retryAfterSeconds?: number;
  /** What is wrong with which field of the payload. */
  errors?: { path: string; message: string }[];
}

/** What `POST /v1/embed/sessions` is refused with. */
export interface SessionProblem extends ChatProblem {
  /** With the code `challenge.required`, and with no other. */
  challenge?: Challenge;
}

/**
 * Proof of work in the format of ALTCHA, version 2. The solution is the first whole number, counted from 0, whose derived
 * key starts with `keyPrefix`; the key is derived by PBKDF2 from the bytes of `nonce` followed by the number as an unsigned
 * 32-bit integer, big-endian. Good once, for the embed it was given for, until `expiresAt`.
 */
export interface Challenge {
  parameters: {
    algorithm: string;
    /** Hexadecimal, as `salt` and `keyPrefix` are. */
    nonce: string;
    salt: string;
    /** Iterations of one derivation. */
    cost: number;
    /** Bytes. */
    keyLength: number;
    keyPrefix: string;
    /** Unix seconds. */
    expiresAt?: number;
    /** For the server alone. */
    keySignature?: string;
    data?: Record<string, string | number | boolean | null>;
  };
  signature?: string;
}

/** What `EmbedSessionRequest.altcha` holds, as base64 of its JSON. */
export interface SolvedChallenge {
  challenge: Challenge;
  /** `derivedKey` whole, in lower-case hexadecimal. */
  solution: { counter: number; derivedKey: string };
}

export type Ack<T> = { ok: true; data: T } | { ok: false; problem: ChatProblem };

export interface Citation {
  /** The number shown in the text as `[1]`. */
  marker: number;
  documentId: string;
  documentTitle: string;
  version: number;
  headingPath: string[];
  /** Words of the document, verbatim apart from white space. */
  quote: string;
  page?: number;
  url?: string;
}

export type MessageAuthor = 'visitor' | 'assistant' | 'agent' | 'system';
export type AnswerOutcome = 'answered' | 'refused' | 'stopped' | 'failed' | 'handed-off';

export interface ChatMessage {
  id: string;
  seq: number;
  author: MessageAuthor;
  text: string;
  citations: Citation[];
  createdAt: string;
  /** Assistant messages only. */
  outcome?: AnswerOutcome;
  /** Assistant messages only: the visitor message it answers. */
  inReplyTo?: string;
  /** Visitor messages only: the id the client chose. */
  clientMessageId?: string;
}

export interface ActiveAnswer {
  answerId: string;
  inReplyTo: string;
  seq: number;
  /** Length of `text`, in UTF-16 units: where the next delta continues. */
  offset: number;
  text: string;
}

/** Every event is answered with `Ack<…['ack']>`; a client that sends no acknowledgement function gets no answer. */
export interface ClientEvents {
  /** Send the same `clientMessageId` again after a lost ack: the first ack comes back and nothing is asked twice. */
  'message-send': {
    payload: { clientMessageId: string; text: string; replyToStarter?: boolean };
    ack: MessageSent;
  };
  /** What was shown stays; `answer-end` with the outcome `stopped` follows. An answer that has ended is no error. */
  'answer-stop': { payload: { answerId: string }; ack: Record<string, never> };
  /**
   * `afterSeq`: the highest seq up to which the client has every message whole (0 for none). A visitor message may
   * have a higher seq than the answer still being written before it, so the highest seq seen is not enough.
   */
  'conversation-sync': { payload: { afterSeq: number }; ack: ConversationSync };
  /** A fresh token of the same visitor and embed, for a socket that stays. */
  'token-renew': { payload: { token: string }; ack: { expiresAt: string } };
}

export interface MessageSent {
  messageId: string;
  seq: number;
  conversationId: string;
}

export interface ConversationSync {
  /** Whole messages in the order of seq, at most 500. */
  messages: ChatMessage[];
  /** More messages follow: ask again after the last seq received. */
  hasMore?: boolean;
  activeAnswer?: ActiveAnswer;
}

export interface ServerEvents {
  'answer-start': { answerId: string; inReplyTo: string; seq: number };
  /** `offset` counts UTF-16 units from the start of the answer: skip what is there, append the rest, sync on a gap. */
  'answer-delta': { answerId: string; offset: number; text: string };
  /** The whole text again: it replaces whatever the deltas built. */
  'answer-end': {
    answerId: string;
    inReplyTo: string;
    seq: number;
    text: string;
    citations: Citation[];
    outcome: AnswerOutcome;
    suggestions: string[];
  };
  /** The answer failed for good; the same question may be sent again under a new `clientMessageId`. */
  'answer-error': { answerId: string; inReplyTo: string; problem: ChatProblem };
  /** Said by someone else, or by the same visitor on another socket. */
  'message-added': { message: ChatMessage };
  /**
   * Sent once at 80 % of a limit. `axis` is visitor, ip, embed, workspace or budget; `remaining` are messages, of a budget
   * the whole percent that is left. `resetsAt` is ISO 8601.
   */
  'limit-warning': { axis: string; remaining: number; resetsAt: string };
  /** The socket is closed right after. */
  'session-closed': { reason: SessionClosedReason };
}

/**
 * `token-expired` and `embed-changed`: ask for a new session with the resume token; it is refused if the embed is gone.
 * `too-many-events`: do not come back at once. `server-stopping`: reconnect with the usual back-off.
 */
export type SessionClosedReason = 'token-expired' | 'embed-changed' | 'too-many-events' | 'server-stopping';

/** `POST /v1/embed/sessions` */
export interface EmbedSessionRequest {
  embedKey: string;
  resumeToken?: string;
  /** JWT in which the site's own server vouches for the visitor. Good once; a bad one refuses the session. */
  identityToken?: string;
  /** `config.disclosureVersion` of the text the visitor has accepted. */
  acceptedDisclosureVersion?: number;
  /** The solved challenge of the refusal before: `SolvedChallenge` as JSON in base64. */
  altcha?: string;
  pageUrl?: string;
  locale?: string;
}

export interface EmbedSession {
  visitorToken: string;
  /** ISO 8601. */
  expiresAt: string;
  resumeToken: string;
  conversation: { id: string; lastSeq: number } | null;
  /** Whether the site's server has vouched for the visitor. */
  isVerified: boolean;
  /** Whether the visitor has accepted the current disclosure. */
  hasConsent: boolean;
  config: WidgetConfig;
}

/** The public view of an embed: an allow-list, holding no secret. */
export interface WidgetConfig {
  title: string;
  greeting: string;
  starterQuestions: string[];
  aiDisclosure: string;
  /** Rises with each other text of `aiDisclosure`. */
  disclosureVersion: number;
  /** Messages are refused until the visitor has accepted the disclosure. */
  requiresConsent: boolean;
  /** `#rrggbb`; null: the widget's own. */
  accentColor: string | null;
  /** Text on the accent; null: chosen by the accent. */
  onAccentColor: string | null;
  /** null: the end of the line in the widget's language. */
  position: 'left' | 'right' | null;
  launcherLabel: string | null;
  /** BCP 47; null: the page's language. The widget's words are chosen before it asks, so the snippet names it too. */
  locale: string | null;
  /** null: the direction of the language. */
  direction: 'ltr' | 'rtl' | null;
  maxMessageChars: number;
}

/** Where signed-in people of a workspace connect, with `auth: { token: accessToken, workspaceId }`. */
export const INBOX_NAMESPACE = '/inbox';

/** Acknowledged like `ClientEvents`. */
export interface InboxClientEvents {
  /** Newest first. */
  'conversation-list': {
    payload: { limit?: number; cursor?: string };
    ack: { items: InboxConversation[]; nextCursor: string | null };
  };
  /** A fresh access token of the same user and session, for a socket that stays. */
  'token-renew': { payload: { token: string }; ack: { expiresAt: string } };
}

export interface InboxConversation {
  id: string;
  embedId: string;
  visitorId: string;
  status: 'open' | 'resolved';
  /** Messages so far. */
  lastSeq: number;
  createdAt: string;
  updatedAt: string;
}

export interface InboxServerEvents {
  /** Somebody said something in a conversation of the workspace; of an answer, when it has ended well or badly. Not of one whose process died. */
  'message-added': { conversationId: string; message: ChatMessage };
  /** The socket is closed right after. */
  'session-closed': { reason: InboxClosedReason };
}

/**
 * `token-expired`: refresh and connect again. `session-ended`: signed out, here or elsewhere. `access-lost`: no longer a
 * member, without the permission, or the workspace is suspended. The others are as for visitors.
 */
export type InboxClosedReason =
  'token-expired' | 'session-ended' | 'access-lost' | 'too-many-events' | 'server-stopping';
