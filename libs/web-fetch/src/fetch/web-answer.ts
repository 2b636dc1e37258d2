/** What a site gave to recognise this content by (RFC 9110, 8.8). Sent back, it answers `unchanged` without the content. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface WebContent {
  readonly kind: 'content';
  /** Where it was found, after all redirects. */
  readonly url: string;
  /** Lower case, without parameters: `text/html`. Empty when the site named none. */
  readonly mediaType: string;
  /** As the site named it, lower case; not necessarily one that exists. */
  readonly charset?: string;
  readonly bytes: Buffer;
  /** The content was longer, and `overflow` said to cut it. */
  readonly isCut: boolean;
  readonly validators: Validators;
}

export type WebAnswer =
  | WebContent
  /** As it was when the validators were given. */
  | { readonly kind: 'unchanged'; readonly url: string }
  /** Only when redirects are reported. The new address is judged like the first. */
  | { readonly kind: 'moved'; readonly url: string; readonly to: string }
  /** There is no content to have; `errorOfStatus` makes an error of it. */
  | { readonly kind: 'status'; readonly url: string; readonly status: number; readonly retryAfterSeconds?: number };
