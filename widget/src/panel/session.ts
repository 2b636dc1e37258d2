import type { Challenge, EmbedSession, EmbedSessionRequest, SessionProblem } from '@app/chat-protocol';
import type { TabStore } from './tab-store';

/** The server answered with a problem. */
export class SessionRefused extends Error {
  constructor(readonly problem: SessionProblem) {
    super(problem.code);
  }
}

const RESUME_KEY = 'resume';
/** A token is renewed this long before it ends … */
const RENEW_EARLY_MS = 60_000;
/** … but within these bounds, whatever the visitor's clock says. A token lives 15 minutes. */
const MIN_RENEW_MS = 30_000;
const MAX_RENEW_MS = 14 * 60_000;
/** One is the rule; another when the first was over before it was solved, as on a phone that slept. */
const MAX_CHALLENGES = 3;

/** Does the work a challenge asks for. null: not to be had here. */
export type SolveChallenge = (challenge: Challenge, signal: AbortSignal) => Promise<string | null>;

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
    private readonly solve: SolveChallenge,
  ) {}

  get token(): string | undefined {
    return this.current?.visitorToken;
  }

  /**
   * Starts the session, or renews it, and does the work that a server may ask for first.
   * @throws SessionRefused for a problem the server answered with; anything else is a failure of the network, or an
   * answer this origin may not read
   */
  async open(signal: AbortSignal): Promise<EmbedSession> {
    let altcha: string | undefined;
    for (let left = MAX_CHALLENGES; ; left--) {
      const response = await this.ask(altcha, signal);
      // Both shapes are the server's word (chat-protocol.md); a body that is neither ends in the caller's catch.
      const body: unknown = await response.json();
      if (response.ok) return this.begin(body as EmbedSession);
      const problem = body as SessionProblem;
      altcha = (left && problem.challenge && (await this.solve(problem.challenge, signal))) || undefined;
      if (!altcha) throw new SessionRefused(problem);
    }
  }

  private ask(altcha: string | undefined, signal: AbortSignal): Promise<Response> {
    // Another tab may have used and replaced the token meanwhile: the stored one is the newest.
    const resumeToken = this.store.get(RESUME_KEY) ?? this.resumeToken;
    return fetch(`${this.apiUrl}v1/embed/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...this.request, altcha, resumeToken, acceptedDisclosureVersion: this.accepted }),
      credentials: 'omit',
      signal,
    });
  }

  private begin(session: EmbedSession): EmbedSession {
    this.current = session;
    this.resumeToken = session.resumeToken;
    if (this.store.get(RESUME_KEY)) this.keep();
    return session;
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
