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

/** The session of somebody the site named has ended, and only the site can say again who it is. */
const NOT_NAMED: SessionProblem = { type: 'about:blank', title: '', status: 403, code: 'visitor.identity-required' };

/** Does the work a challenge asks for. null: not to be had here. */
export type SolveChallenge = (challenge: Challenge, signal: AbortSignal) => Promise<string | null>;

/** The visitor's session: a short-lived token, and the resume token with which another page load goes on. */
export class Session {
  private readonly request: EmbedSessionRequest;
  /** Version of the disclosure the visitor has accepted on this page. */
  accepted: number | undefined;
  private current: EmbedSession | undefined;
  /** In memory until the visitor has written something: nothing is stored before that. */
  private resumeToken: string | undefined;
  /** Good once: gone when it was used. */
  private identityToken: string | undefined;
  /** Whether the site has said who the visitor is. */
  private readonly isNamed: boolean;

  constructor(
    private readonly apiUrl: string,
    { identityToken, ...request }: EmbedSessionRequest,
    private readonly store: TabStore,
    private readonly solve: SolveChallenge,
  ) {
    this.request = request;
    this.identityToken = identityToken;
    this.isNamed = !!identityToken;
  }

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
      // A page out of the browser's history comes with a token that was used: then the session it began goes on.
      if (problem.code === 'visitor.identity-invalid' && this.identityToken && this.lastResumeToken) {
        this.identityToken = undefined;
        continue;
      }
      altcha = (left && problem.challenge && (await this.solve(problem.challenge, signal))) || undefined;
      if (!altcha) throw new SessionRefused(problem);
    }
  }

  private ask(altcha: string | undefined, signal: AbortSignal): Promise<Response> {
    const { identityToken, lastResumeToken: resumeToken } = this;
    return fetch(`${this.apiUrl}v1/embed/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...this.request,
        identityToken,
        altcha,
        resumeToken,
        acceptedDisclosureVersion: this.accepted,
      }),
      credentials: 'omit',
      signal,
    });
  }

  /** Another tab may have used and replaced the token meanwhile: the stored one is the newest. */
  private get lastResumeToken(): string | undefined {
    return this.store.get(RESUME_KEY) ?? this.resumeToken;
  }

  private begin(session: EmbedSession): EmbedSession {
    this.identityToken = undefined;
    // What the named one's session began with has ended; a stranger's conversation is not theirs.
    if (this.isNamed && !session.isVerified) throw new SessionRefused(NOT_NAMED);
    this.current = session;
    this.resumeToken = session.resumeToken;
    if (this.store.get(RESUME_KEY)) this.keep();
    return session;
  }

  /** The next page load is nobody's. */
  forget(): void {
    this.resumeToken = undefined;
    this.store.remove(RESUME_KEY);
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
