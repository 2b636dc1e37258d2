import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { call, raw, startTinyApp } from '../testing/tiny-app';

describe('Documentation', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  it('documents itself in development under a policy of its own', async () => {
    const document = await call(app, '/docs/json');
    expect(Object.keys(document.body['paths'] as object)).toContain('/v1/workspaces/{workspaceId}/documents');
    const page = await call(app, '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(page.text).not.toMatch(/<script>[^<]/);
  });

  it('describes the problem every route may answer with', async () => {
    const { body } = await call(app, '/docs/json');
    expect(body).toMatchObject({
      paths: {
        '/v1/me': {
          get: {
            security: [{ 'access-token': [] }],
            responses: {
              default: {
                content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemView' } } },
              },
            },
          },
        },
      },
      components: { schemas: { CreateDto: { properties: { name: { maxLength: 40 }, origins: { maxItems: 2 } } } } },
    });
  });

  it('says at every route who may call it', async () => {
    const { body } = await call(app, '/docs/json');
    expect(body).toMatchObject({
      paths: {
        '/v1/me': { get: { 'x-access': 'signed-in' } },
        '/v1/workspaces/{workspaceId}/documents': { get: { 'x-access': 'documents.read' } },
        '/v1/forgotten': { get: { 'x-access': 'none' } },
      },
    });
    const paths = Object.values(body['paths'] as Record<string, Record<string, object>>);
    const silent = paths.flatMap((item) => Object.values(item)).filter((operation) => !('x-access' in operation));
    expect(silent).toEqual([]);
  });

  it('is refused under another host, like everything else', async () => {
    const answer = await raw(app, 'GET /docs/json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('"code":"request.host-not-allowed"');
  });
});
