import type { HttpRequest } from '../http-request';

/** A visitor of a customer's site, by a token the server issued to that site. */
export interface VisitorCaller {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly visitorId: string;
  /** What has ended since, the token or what it stands on; null while all is good. For answers that take a while. */
  findFault(): Promise<'token-expired' | 'embed-changed' | null>;
}

/** Tells which visitor sends a request. Implemented by embeds; found globally. */
export abstract class VisitorAuthenticator {
  /**
   * The visitor of the bearer token, which must have been issued to the page the request comes from.
   * @throws AppError `auth.required` without a token, `visitor.token-invalid` for one that is not (or no longer) good
   */
  abstract authenticate(request: Pick<HttpRequest, 'headers'>): Promise<VisitorCaller>;
}
