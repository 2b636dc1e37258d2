import type { HttpRequest } from '../http-request';

/** A visitor of a customer's site, by a token the server issued to that site. */
export interface VisitorCaller {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly visitorId: string;
  /** Whether the token and its embed are still good. For answers that take a while. */
  isLive(): Promise<boolean>;
}

/** Tells which visitor sends a request. Implemented by embeds; found globally. */
export abstract class VisitorAuthenticator {
  /**
   * The visitor of the bearer token, which must have been issued to the page the request comes from.
   * @throws AppError `auth.required` without a token, `visitor.token-invalid` for one that is not (or no longer) good
   */
  abstract authenticate(request: Pick<HttpRequest, 'headers'>): Promise<VisitorCaller>;
}
