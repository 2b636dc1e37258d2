import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Record<string, unknown>;

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/**
 * A provider that says whatever a test wants it to say, also what no honest one would: `claims` makes the ID token's
 * claims from the good ones, `signWith` and `header` sign them with another key or by another algorithm.
 */
export class HandmadeProvider {
  claims: (good: Claims) => Claims = (good) => good;
  header: Record<string, string> = {};
  signWith: KeyObject | null = null;
  /** Answers of the token endpoint. */
  status = 200;
  /** Bodies the token endpoint was sent. */
  readonly exchanges: URLSearchParams[] = [];
  discoveries = 0;
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(
    private readonly server: Server,
    readonly clientId: string,
  ) {
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(clientId: string): Promise<HandmadeProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HandmadeProvider(server, clientId);
  }

  get issuer(): string {
    const { port } = this.server.address() as AddressInfo; // of a server that listens on TCP
    return `http://127.0.0.1:${port}`;
  }

  /** As a good provider would answer for this sign-in. */
  reset(good: Claims): void {
    this.claims = (claims) => ({ ...claims, ...good });
    this.header = {};
    this.signWith = null;
    this.status = 200;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await new Promise<string>((resolve) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    });
    const [status, answer] = this.answerTo(request.url ?? '', body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private answerTo(path: string, body: string): [number, unknown] {
    if (path === '/.well-known/openid-configuration') {
      this.discoveries += 1;
      return [200, this.metadata()];
    }
    if (path === '/jwks') {
      const key = this.keys.publicKey.export({ format: 'jwk' });
      return [200, { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] }];
    }
    if (path !== '/token') return [404, {}];
    this.exchanges.push(new URLSearchParams(body));
    if (this.status !== 200) return [this.status, { error: 'server_error' }];
    return [200, { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: this.idToken() }];
  }

  private metadata(): Claims {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  private idToken(): string {
    const iat = Math.floor(Date.now() / 1000);
    const claims = this.claims({ iss: this.issuer, aud: this.clientId, iat, exp: iat + 300 });
    const signed = `${encode({ alg: 'RS256', kid: 'one', ...this.header })}.${encode(claims)}`;
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(this.signWith ?? this.keys.privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }
}
