/** The package has no types; this is what the stories use of it. */
declare module 'oidc-provider' {
  type Http = typeof import('node:http');
  type Request = InstanceType<Http['IncomingMessage']>;
  type Response = InstanceType<Http['ServerResponse']>;
  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): (request: Request, response: Response) => void;
    interactionFinished(request: Request, response: Response, result: Record<string, unknown>): Promise<void>;
  }
}
