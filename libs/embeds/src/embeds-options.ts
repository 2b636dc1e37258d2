/** What the embeds module is told at its start. */
export abstract class EmbedsOptions {
  /** Master secret of all signed tokens; the visitors' key is derived from it and differs from every other. */
  abstract readonly jwtSecret: Buffer;
  /** Master secret of what is no token: challenges, and addresses that are counted. */
  abstract readonly secretKey: Buffer;
  /** Above this many new sessions in ten minutes, more of them cost work. */
  abstract readonly challenges: { readonly sessionsPerIp: number; readonly sessionsPerEmbed: number };
  /** `iss` of the visitor tokens. */
  abstract readonly issuer: string;
  abstract readonly visitorTtlSeconds: number;
  /** Absolute life of a chain of resume tokens. */
  abstract readonly resumeTtlSeconds: number;
  /** Whether `http://localhost` may be an allowed origin: never in production. */
  abstract readonly allowsLoopbackHttp: boolean;
  /** How browsers reach this server, without a trailing slash; asked late because the port may be chosen at the start. */
  abstract readonly publicUrl: () => string;
}
