/** What tests may reach besides the internet. Production refuses to be made with any. */
export interface FetchExceptions {
  /** Address and port, exactly: `127.0.0.1:4321`, `::1:4321`. */
  readonly endpoints: readonly string[];
  /** An authority for certificates, PEM, beside those that everybody trusts. */
  readonly certificateAuthority?: string;
}

export const NO_EXCEPTIONS: FetchExceptions = { endpoints: [] };

export const isExcepted = ({ endpoints }: FetchExceptions, address: string, port: string): boolean =>
  endpoints.includes(`${address}:${port}`);

export const isExceptedPort = ({ endpoints }: FetchExceptions, port: string): boolean =>
  endpoints.some((endpoint) => endpoint.endsWith(`:${port}`));
