export interface CataloguedError {
  /** Of the HTTP answer. */
  status: number;
  title: string;
  /** When to try again, unless who throws it knows better. */
  retryAfterSeconds?: number;
}

/** Every error the product can answer with. Codes are append-only. */
export const ERROR_CATALOGUE = {
  'request.invalid': { status: 400, title: 'The request is not valid' },
  'request.malformed': { status: 400, title: 'The request body could not be read' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive' },
  'request.too-large': { status: 413, title: 'The request is too large' },
  'request.unsupported-media-type': { status: 415, title: 'This content type is not accepted here' },
  'request.precondition-failed': { status: 412, title: 'Somebody changed this in the meantime; read it again' },
  'request.host-not-allowed': { status: 421, title: 'This host is not served here' },
  'route.not-found': { status: 404, title: 'There is nothing at this address' },
  'route.method-not-allowed': { status: 405, title: 'This method is not allowed here' },
  'idempotency.key-reused': { status: 422, title: 'This Idempotency-Key was used with a different request' },
  'idempotency.in-progress': { status: 409, title: 'A request with this Idempotency-Key is still being processed' },

  'auth.required': { status: 401, title: 'Sign in first' },
  'auth.invalid-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'auth.token-invalid': { status: 401, title: 'The token is not valid' },
  'auth.token-expired': { status: 401, title: 'The token has expired' },
  'auth.csrf': { status: 403, title: 'This request was not made by a page of this application' },
  'auth.account-suspended': { status: 403, title: 'This account is suspended' },
  'session.not-found': { status: 404, title: 'Session not found' },
  'auth.refresh-reused': { status: 401, title: 'This refresh token was used before; the session is closed' },
  'auth.email-taken': { status: 409, title: 'An account with this e-mail exists' },
  'auth.link-invalid': { status: 400, title: 'This link was used, is over or is not complete; ask for a new one' },
  'auth.password-breached': { status: 400, title: 'This password is in lists of stolen passwords' },
  'auth.password-context': { status: 400, title: 'The password is made of your name, the workspace or the product' },
  'auth.password-weak': { status: 400, title: 'The password is too weak' },
  'auth.second-factor-invalid': { status: 401, title: 'The code is wrong or was used before' },
  'auth.challenge-invalid': { status: 401, title: 'This sign-in took too long or was completed; start again' },
  'auth.device-code-required': {
    status: 403,
    title: 'This device is not known; sign in again with the code that is mailed to this address, if it has an account',
  },
  'auth.device-code-invalid': { status: 401, title: 'The mailed code is wrong, was used or is over' },
  'auth.second-factor-enabled': { status: 409, title: 'A second factor is on already' },
  'auth.second-factor-missing': { status: 409, title: 'There is no second factor, or its enrolment took too long' },
  'auth.confirmation-failed': { status: 403, title: 'Password or code is wrong' },
  'auth.step-up-required': { status: 403, title: 'Prove first that it is you, with your password or a code' },
  'auth.oidc-not-configured': { status: 404, title: 'Signing in with another provider is not set up' },
  'auth.oidc-unavailable': { status: 503, title: 'The sign-in provider can not be reached; try again later' },
  'auth.oidc-failed': { status: 401, title: 'The sign-in could not be verified; start again' },
  'auth.oidc-no-account': { status: 403, title: 'No account is linked to this sign-in' },
  'identity.not-found': { status: 404, title: 'Linked sign-in not found' },
  'identity.taken': { status: 409, title: 'This sign-in is linked to another account' },
  'identity.last': { status: 409, title: 'This is the only way to sign in; set a password first' },
  'access.denied': { status: 403, title: 'Your role does not allow this' },

  'workspace.not-found': { status: 404, title: 'Workspace not found' },
  'workspace.suspended': { status: 403, title: 'This workspace is suspended; ask who runs this service' },
  'invitation.not-found': { status: 404, title: 'This invitation does not exist or is not open any more' },
  'invitation.exists': { status: 409, title: 'This person has an open invitation; send it again instead' },
  'invitation.too-many': { status: 409, title: 'Too many invitations are open; withdraw some first' },
  'api-key.not-found': { status: 404, title: 'API key not found' },
  'api-key.too-many': { status: 409, title: 'This workspace has too many API keys; revoke some first' },
  'member.not-found': { status: 404, title: 'Member not found' },
  'member.exists': { status: 409, title: 'This person is already a member' },
  'member.last-owner': { status: 409, title: 'A workspace needs an owner; make somebody else owner first' },

  'document.not-found': { status: 404, title: 'Document not found' },
  'document.duplicate': { status: 409, title: 'The same file is already in this workspace' },
  'document.not-retryable': { status: 409, title: 'Only a failed document can be retried' },
  'document.not-cancellable': { status: 409, title: 'The document has been read already, or has failed' },
  'document.cancelled': {
    status: 409,
    title: 'Somebody cancelled the reading of the document; retry it when it is wanted',
  },
  'document.not-ready': { status: 409, title: 'The document is still being checked' },
  'document.version-not-found': { status: 404, title: 'The document has no such version, or it is not kept any more' },
  'document.nothing-to-roll-back': { status: 409, title: 'There is no indexed version before the live one' },
  'document.not-quarantined': { status: 409, title: 'Only a document in quarantine can be released' },
  'document.suspicious': {
    status: 422,
    title: 'The file holds hidden text, or text written to steer a model; release or delete it',
  },
  'document.too-many': { status: 409, title: 'This workspace keeps as many documents as it may; delete some first' },
  'document.storage-full': {
    status: 409,
    title: 'The files of this workspace take as much room as they may; delete some documents first',
  },
  'document.file-missing': { status: 400, title: 'Send exactly one file in the field "file"' },
  'document.too-large': { status: 413, title: 'The file is larger than the limit' },
  'document.empty': { status: 400, title: 'The file is empty' },
  'document.type-unsupported': { status: 415, title: 'This file type is not supported' },
  'document.type-mismatch': { status: 415, title: "The file's content does not match its name or type" },
  'document.infected': { status: 422, title: 'The file was refused by the malware scanner' },
  'document.active-content': { status: 422, title: 'The file holds macros, scripts or embedded programs' },
  'document.encrypted': { status: 422, title: 'The file is password-protected' },
  'document.archive-unsafe': { status: 422, title: 'The file expands to more than is allowed or is built unsafely' },
  'document.corrupt': { status: 422, title: 'The file could not be read' },
  'document.no-text': { status: 422, title: 'No text was found in the file' },
  'document.too-complex': { status: 422, title: 'Reading the file took more time or memory than is allowed' },
  'document.scan-unavailable': { status: 503, title: 'The malware scanner is not available' },
  'document.processing-failed': { status: 500, title: 'Processing failed; retry the document' },

  'snippet.not-found': { status: 404, title: 'Snippet not found' },
  'snippet.too-many': { status: 409, title: 'This workspace keeps as many snippets as it may; delete some first' },
  'snippet.wording-taken': {
    status: 409,
    title: 'Another canned answer is given to this question or one of its wordings',
  },
  'bulk-upload.not-found': { status: 404, title: 'Bulk upload not found' },
  'bulk-upload.not-an-archive': { status: 415, title: 'Send one ZIP archive of documents' },
  'bulk-upload.empty': { status: 400, title: 'There is no file in the archive that could be a document' },
  'bulk-upload.too-many': {
    status: 409,
    title: 'Other archives of this workspace are not unpacked yet; wait for them',
  },
  'bulk-upload.not-cancellable': { status: 409, title: 'The archive has been unpacked already' },

  'source.address-invalid': {
    status: 400,
    title:
      'This is not the address of a public web page; give one like https://www.example.com/help, without a user name or port',
  },
  'source.address-refused': {
    status: 400,
    title: 'Addresses inside a network are not read; give the public address of the page',
  },
  'source.unreachable': {
    status: 422,
    title: 'The site cannot be reached from the internet; check that the address is right and public',
  },
  'source.insecure': {
    status: 422,
    title: 'The connection to the site is not secure: its certificate is not valid or it leads from https to http',
  },
  'source.redirect-refused': {
    status: 422,
    title: 'The address leads on too often or to another site; give the address where it ends',
  },
  'source.timeout': { status: 422, title: 'The site took too long to answer; try again later' },
  'source.too-large': { status: 422, title: 'The page is larger than is read; give a smaller one' },
  'source.type-refused': { status: 422, title: 'What is at this address is not of a type that is read here' },
  'source.answer-invalid': { status: 422, title: "The site's answer could not be read; ask who runs the site" },
  'source.failing': { status: 422, title: 'The site answers with an error of its own; try again later' },
  'source.busy': { status: 422, title: 'The site asks to come back later' },
  'source.gone': { status: 422, title: 'There is no page at this address' },
  'source.not-public': {
    status: 422,
    title: 'The site does not show this page to everybody; only public pages are read',
  },
  'source.robots-refused': {
    status: 422,
    title: "The site's robots.txt asks not to read this page; allow CustomerCareBot there",
  },
  'source.sitemap-invalid': { status: 422, title: 'This is not a sitemap; give the address of an XML sitemap' },

  'embed.not-found': { status: 404, title: 'Embed not found' },
  'embed-key.not-found': { status: 404, title: 'Embed key not found' },
  'embed-key.current': { status: 409, title: 'This is the current key; rotate it first, or disable the embed' },
  'embed-key.too-many': { status: 409, title: 'Too many replaced keys still work; revoke some first' },
  'identity-secret.not-found': { status: 404, title: 'Identity secret not found' },
  'identity-secret.too-many': { status: 409, title: 'This embed has two identity secrets; revoke one first' },
  'visitor.identity-invalid': { status: 401, title: 'The identity token is not valid' },
  'visitor.identity-required': { status: 403, title: 'This chat is for signed-in visitors alone' },
  'visitor.consent-required': { status: 403, title: 'Accept first that an automated assistant answers' },
  'challenge.required': { status: 403, title: 'Solve the challenge first and send the same request with its solution' },
  'visitor.token-invalid': { status: 401, title: 'The visitor token is not valid' },

  'conversation.not-found': { status: 404, title: 'Conversation not found' },
  'conversation.busy': { status: 409, title: 'Too many questions are waiting for an answer' },
  'message.too-long': { status: 400, title: 'The message is too long' },
  'answer.not-found': { status: 404, title: 'Answer not found' },
  'answer.failed': { status: 500, title: 'The answer could not be completed; please try again' },
  'event.unknown': { status: 400, title: 'Unknown event' },

  'provider.unavailable': { status: 503, title: 'The answering model is not available' },
  'provider.rate-limited': { status: 429, title: 'The answering model is busy' },
  'provider.rejected': { status: 422, title: 'The answering model declined to answer' },

  'limit.requests': { status: 429, title: 'Too many requests; try again later' },
  'limit.messages': { status: 429, title: 'Too many messages; try again later' },
  'limit.visitor': { status: 429, title: 'Too many messages; try again later' },
  'limit.ip': { status: 429, title: 'Too many messages come from this network; try again later' },
  'limit.embed': { status: 429, title: 'This assistant is very busy; try again later' },
  'limit.workspace': { status: 429, title: 'This service is very busy; try again later' },
  'limit.connections': { status: 429, title: 'Too many connections' },
  'limit.logins': { status: 429, title: 'Too many sign-in attempts; try again later' },

  'budget.spent': { status: 429, title: 'The budget for answers by a model is used up' },

  'data.unreadable': { status: 500, title: 'Stored data could not be read' },
  'service.not-ready': {
    status: 503,
    title: 'The service is starting or a part of it is not available',
    retryAfterSeconds: 5,
  },
  'service.unavailable': {
    status: 503,
    title: 'The service cannot reach its data at the moment; try again',
    retryAfterSeconds: 5,
  },
  'service.busy': {
    status: 503,
    title: 'This took too long because much is going on; try again',
    retryAfterSeconds: 1,
  },
  'internal.error': { status: 500, title: 'Something went wrong' },
} as const satisfies Record<string, CataloguedError>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
