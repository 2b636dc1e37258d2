import type { Ack, Challenge, ChatProblem, ClientEvents, EmbedSession, ServerEvents } from '@app/chat-protocol';
import type { Settings } from '../shell-contract';
import { Connection, type ConnectionState } from './connection';
import { Session } from './session';
import { SessionKeeper } from './session-keeper';
import type { TabStore } from './tab-store';

/** How things stand between this page and the server. */
export type LineState = 'connecting' | 'checking' | 'online' | 'reconnecting' | 'offline' | 'unavailable';

export interface LinePort {
  /** The session began or was renewed. */
  opened(session: EmbedSession): void;
  changed(state: LineState): void;
  /** There is no session to be had, and nothing more is tried. */
  unavailable(code?: string): void;
  /** The server wants a pause of this many seconds; the line comes back by itself. */
  paused(problem: ChatProblem, seconds: number): void;
  received<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]): void;
}

/** After `too-many-events` the server wants to be left alone for a while. */
const PENALTY_SECONDS = 30;

/** The way to the server: a session and a socket that are there for as long as they are wanted. */
export class Line {
  private readonly gone = new AbortController();
  private readonly session: Session;
  private readonly keeper: SessionKeeper;
  private readonly connection: Connection;
  private isWanted = false;
  private isUnavailable = false;
  private isChecking = false;
  private wasOnline = false;
  /** How often in a row a fresh token was refused. */
  private refusals = 0;

  constructor(
    private readonly settings: Settings,
    store: TabStore,
    private readonly port: LinePort,
  ) {
    const { embedKey, apiUrl, panelUrl, locale, identityToken } = settings;
    // Without query and fragment, which may hold something private.
    const pageUrl = location.origin + location.pathname;
    const request = { embedKey, pageUrl, locale, identityToken };
    this.session = new Session(apiUrl, request, store, (challenge, signal) => this.check(challenge, signal));
    this.keeper = new SessionKeeper(this.session, {
      opened: (session) => this.sessionOpened(session),
      unavailable: (code) => this.unavailable(code),
      paused: (problem, seconds) => port.paused(problem, seconds),
      waiting: () => this.tell(),
    });
    this.connection = new Connection(apiUrl, new URL('polling.js', panelUrl).href, {
      token: () => this.session.token,
      changed: (state) => this.connectionChanged(state),
      refused: (problem) => this.handshakeRefused(problem),
      received: (event, payload) => this.received(event, payload),
    });
    const { signal } = this.gone;
    const wake = (): void => this.wake();
    addEventListener('online', wake, { signal });
    addEventListener('offline', () => this.tell(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || wake(), { signal });
  }

  get isOnline(): boolean {
    return this.connection.state === 'online';
  }

  /** Connects, and stays connected. */
  open(): void {
    this.isWanted = true;
    this.isUnavailable = false;
    this.wake();
    this.tell();
  }

  /** Hangs up until `open`. */
  close(): void {
    this.isWanted = false;
    this.keeper.stop();
    this.connection.close();
  }

  destroy(): void {
    this.gone.abort();
    this.close();
    this.keeper.destroy();
  }

  /** From now on the visitor's conversation continues over page loads. */
  keepSession(): void {
    this.session.keep();
  }

  /** The next page load is nobody's. */
  forgetSession(): void {
    this.session.forget();
  }

  /** The visitor accepts the disclosure: the server is told with the next session, which is opened now. */
  accept(disclosureVersion: number): void {
    this.session.accepted = disclosureVersion;
    void this.keeper.open();
  }

  /** The server did not answer in time: make a new connection. */
  reconnect(): void {
    this.connection.reopen();
  }

  /** The server refused the token: get another one. */
  renew(): void {
    this.keeper.openLater(this.refusals++);
  }

  /** Sends an event and waits for its acknowledgement. Rejects when none comes in time. */
  ask<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
  ): Promise<Ack<ClientEvents[E]['ack']>> {
    return this.connection.ask(event, payload);
  }

  /** The network or the tab is back: what was waiting need not wait. */
  private wake(): void {
    if (!this.isWanted || this.isUnavailable) return;
    if (!this.session.token) void this.keeper.open();
    else {
      this.keeper.wake();
      this.connection.open();
    }
  }

  private sessionOpened(session: EmbedSession): void {
    this.port.opened(session);
    if (!this.isWanted) return;
    if (!this.isOnline) return this.connection.open();
    const { visitorToken: token } = session;
    this.connection.ask('token-renew', { token }).then(
      (ack) => ack.ok || this.reconnect(),
      () => this.reconnect(),
    );
  }

  /** The server wants this device to show some work before it opens another session. The solver is a file of its own. */
  private async check(challenge: Challenge, signal: AbortSignal): Promise<string | null> {
    this.isChecking = true;
    this.tell();
    try {
      const url = new URL('challenge.js', this.settings.panelUrl).href;
      const { solve } = (await import(url)) as typeof import('../challenge/main');
      return await solve(challenge, signal);
    } finally {
      this.isChecking = false;
    }
  }

  private unavailable(code?: string): void {
    this.isUnavailable = true;
    this.connection.close();
    this.tell();
    this.port.unavailable(code);
  }

  private connectionChanged(state: ConnectionState): void {
    if (state === 'online') {
      this.wasOnline = true;
      this.refusals = 0;
    }
    this.tell();
  }

  private handshakeRefused(problem: ChatProblem): boolean {
    if (problem.status !== 401 && problem.status !== 404) {
      if (problem.retryAfterSeconds) this.port.paused(problem, problem.retryAfterSeconds);
      return false;
    }
    this.renew();
    return true;
  }

  private received<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]): void {
    this.port.received(event, payload);
    if (event !== 'session-closed') return;
    // The event names the payload's type, which a generic parameter does not show.
    const { reason } = payload as ServerEvents['session-closed'];
    if (reason === 'too-many-events') this.connection.reopen(PENALTY_SECONDS);
    if (reason !== 'token-expired' && reason !== 'embed-changed') return;
    this.connection.close();
    this.renew();
  }

  private tell(): void {
    this.port.changed(this.state());
  }

  private state(): LineState {
    if (this.isUnavailable) return 'unavailable';
    if (this.isOnline) return 'online';
    if (!navigator.onLine) return 'offline';
    if (this.isChecking) return 'checking';
    return this.wasOnline ? 'reconnecting' : 'connecting';
  }
}
