import { newId } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { listLooseInputs } from '../routes/list-loose-inputs';
import { listRoutes } from '../routes/list-routes';
import { call, startTinyApp } from '../testing/tiny-app';
import { ANNA, BERTA, deniedRequests, WORKSPACE } from '../testing/tiny-identity.module';

describe('Access', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const as = (userId: string, method = 'GET'): RequestInit => ({
    method,
    headers: { authorization: `Bearer ${userId}` },
  });

  it('hands the signed-in user on, with request id and address', async () => {
    const { body, headers } = await call(app, '/v1/me', as(ANNA));
    expect(body).toEqual({
      userId: ANNA,
      sessionId: 'session',
      requestId: headers.get('x-request-id'),
      ip: '127.0.0.1',
    });
  });

  it('hands the workspace on to a member whose role is enough', async () => {
    const { body } = await call(app, `/v1/workspaces/${WORKSPACE.toUpperCase()}/documents`, as(ANNA));
    expect(body).toMatchObject({ workspaceId: WORKSPACE, actor: { type: 'user', id: ANNA }, ip: '127.0.0.1' });
  });

  it.each([
    ['a member without the permission', ANNA, WORKSPACE, 'DELETE', 403, 'access.denied'],
    ['a member of another workspace', newId(), WORKSPACE, 'GET', 404, 'workspace.not-found'],
    ['anybody at a workspace that is not there', ANNA, newId(), 'GET', 404, 'workspace.not-found'],
    ['somebody who is not a member, whatever they may do', newId(), WORKSPACE, 'DELETE', 404, 'workspace.not-found'],
    ['a workspace id that is none', ANNA, "1' or '1'='1", 'GET', 400, 'request.invalid'],
  ])('refuses %s', async (_name, userId, workspaceId, method, status, code) => {
    const answer = await call(app, `/v1/workspaces/${workspaceId}/documents`, as(userId, method));
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it.each([
    ['a user', '/v1/me'],
    ['a member', `/v1/workspaces/${WORKSPACE}`],
  ])('asks %s for a fresh proof at a dangerous route, and records who had none', async (_name, path) => {
    deniedRequests.requests.length = 0;
    const refused = await call(app, path, as(ANNA, 'DELETE'));
    expect([refused.status, refused.body['code']]).toEqual([403, 'auth.step-up-required']);
    expect(deniedRequests.requests).toMatchObject([{ reason: 'step-up-missing' }]);
    expect((await call(app, path, as(BERTA, 'DELETE'))).status).toBe(204);
  });

  it('asks for the fresh proof last: who is no member learns nothing from a dangerous route', async () => {
    const answer = await call(app, `/v1/workspaces/${newId()}`, as(ANNA, 'DELETE'));
    expect([answer.status, answer.body['code']]).toEqual([404, 'workspace.not-found']);
  });

  it('asks who it is before it looks at the id', async () => {
    expect((await call(app, '/v1/workspaces/nonsense/documents')).status).toBe(401);
  });

  it('lists every route and who may call it, also the forgotten one', () => {
    const routes = listRoutes(app).map(({ method, path, access, isStepUp }) =>
      [method, path, access, ...(isStepUp ? ['step-up'] : [])].join(' '),
    );
    expect(routes).toEqual([
      'GET /v1/bug public',
      'POST /v1/echo public',
      'POST /v1/embed/sessions public',
      'POST /v1/files public',
      'GET /v1/forgotten none',
      'GET /v1/held public',
      'GET /v1/list public',
      'PUT /v1/loose/:name public',
      'DELETE /v1/me signed-in step-up',
      'GET /v1/me signed-in',
      'GET /v1/open public',
      'GET /v1/refused public',
      'POST /v1/sign-in public',
      'GET /v1/things/:thingId public',
      'DELETE /v1/workspaces/:workspaceId documents.read step-up',
      'DELETE /v1/workspaces/:workspaceId/documents documents.write',
      'GET /v1/workspaces/:workspaceId/documents documents.read',
      'POST /v1/workspaces/:workspaceId/others documents.read',
      'POST /v1/workspaces/:workspaceId/things documents.read',
    ]);
  });

  it('lists every input that nothing validates', () => {
    expect(listLooseInputs(app)).toEqual([
      'PublicController.loose body',
      'PublicController.loose path',
      'PublicController.loose query',
    ]);
  });
});
