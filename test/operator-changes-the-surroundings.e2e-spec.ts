import { Admin } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { Product, temporaryFolder } from './support/product';

describeStack('An operator starts again after the surroundings changed', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start({ DEMO: 'true' });
    await stack.api.waitForOutput('Ready.', 120);
  }, 180_000);
  afterAll(() => stack?.stop());

  it('and a demo embed that somebody deleted is made anew', async () => {
    const admin = await Admin.first(stack);
    const before = await admin.inWorkspace<{ items: { id: string }[] }>('GET', '/embeds');
    expect((await admin.inWorkspace('DELETE', `/embeds/${before.body.items[0]?.id}`)).status).toBe(204);
    await stack.api.stop();
    await stack.restartApi();
    await stack.api.waitForOutput('Ready.', 60);
    const after = await admin.inWorkspace<{ items: { id: string }[] }>('GET', '/embeds');
    expect(after.body.items).toHaveLength(1);
    expect(after.body.items[0]?.id).not.toBe(before.body.items[0]?.id);
  }, 120_000);

  it('and a data folder whose database is another one gets a demo of that one', async () => {
    const before = await Admin.first(stack);
    await stack.replaceDatabase();
    await stack.restartApi();
    await stack.api.waitForOutput('Ready.', 120);
    const after = await Admin.first(stack);
    expect(after.workspaceId).not.toBe(before.workspaceId);
    expect((await after.inWorkspace('GET', '/embeds')).status).toBe(200);
  }, 180_000);
});

describe('An operator names a Redis that is not there', () => {
  it('and is told so in one sentence', async () => {
    const folder = temporaryFolder();
    const env = { REDIS_URL: 'redis://:hidden-word@127.0.0.1:1' };
    const product = await Product.spawn({ dataDir: folder.path, env });
    expect(await product.exitCode()).toBe(1);
    expect(product.log).toContain('REDIS_URL');
    expect(product.log).not.toMatch(/hidden-word|\n {4}at /);
    folder.dispose();
  }, 60_000);
});
