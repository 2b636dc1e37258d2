import type { ChatProblem, EmbedSession, EmbedSessionRequest } from '@app/chat-protocol';
import type { TabStore } from './tab-store';

/** The server answered with a problem. */
export class SessionRefused extends Error {
  constructor(readonly problem: ChatProblem) {
    super(problem.code);
  }
}

const RESUME_KEY = 'resume';
/** A token is renewed this long before it ends … */
const RENEW_EARLY_MS = 60_000;
/** … but within these bounds, whatever the visitor's clock says. A token lives 15 minutes. */
const MIN_RENEW_MS = 30_000;
const MAX_RENEW_MS = 14 * 60_000;

/** The visitor's session: a short-lived token, and the resume token with which another page load goes on. */
export class Session {
  /** Version of the disclosure the visitor has accepted on this page. */
  accepted: number | undefined;
  private current: EmbedSession | undefined;
  /** In memory until the visitor has written something: nothing is stored before that. */
  private resumeToken: string | undefined;

  constructor(
    private readonly apiUrl: string,
    private readonly request: EmbedSessionRequest,
    private readonly store: TabStore,
  ) {}

  get token(): string | undefined {
    return this.current?.visitorToken;
  }

  /**
   * Starts the session, or renews it.
   * @throws SessionRefused for a problem the server answered with; anything else is a failure of the network, or an
   * answer this origin may not read
   */
  async open(signal: AbortSignal): Promise<EmbedSession> {
    // Another tab may have used and replaced the token meanwhile: the stored one is the newest.
    const resumeToken = this.store.get(RESUME_KEY) ?? this.resumeToken;
    const response = await fetch(`${this.apiUrl}v1/embed/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...this.request, resumeToken, acceptedDisclosureVersion: this.accepted }),
      credentials: 'omit',
      signal,
    });
    // Both shapes are the server's word (chat-protocol.md); a body that is neither ends in the caller's catch.
    const body: unknown = await response.json();
    if (!response.ok) throw new SessionRefused(body as ChatProblem);
    this.current = body as EmbedSession;
    this.resumeToken = this.current.resumeToken;
    if (this.store.get(RESUME_KEY)) this.keep();
    return this.current;
  }

  /** From now on the conversation continues over page loads. */
  keep(): void {
    if (this.resumeToken) this.store.set(RESUME_KEY, this.resumeToken);
  }

  /** Milliseconds until the token should be renewed. */
  renewInMs(now: number): number {
    const left = Date.parse(this.current?.expiresAt ?? '') - now - RENEW_EARLY_MS;
    return Math.min(Math.max(left || 0, MIN_RENEW_MS), MAX_RENEW_MS);
  }
}
