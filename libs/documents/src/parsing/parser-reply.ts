import type { ErrorCode } from '@app/kernel';
import type { ParsedDocument } from './parsed-document';

/** What the child process writes, once, as JSON. */
export type ParserReply =
  { readonly document: ParsedDocument } | { readonly code: ErrorCode; readonly detail?: string };
