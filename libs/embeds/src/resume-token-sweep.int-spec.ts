import { describeDatabase, seedWorkspace, type TestDatabase } from '@app/database/testing';
import { FakeClock } from '@app/kernel/testing';

import { ResumeTokenSweep } from './resume-token-sweep.service';

describeDatabase('sweeping resume tokens', (create) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  it('deletes those of all workspaces that ran out, and nothing else', async () => {
    const [first, second] = [await seedWorkspace(test), await seedWorkspace(test)];
    const clock = new FakeClock();
    const sweep = new ResumeTokenSweep(test.systemDb, test.db, clock);
    const expireAt = (workspaceId: string, at: Date) =>
      test.inspect('update resume_tokens set expires_at = $2 where workspace_id = $1', [workspaceId, at]);
    await expireAt(first, clock.now());
    await expireAt(second, new Date(clock.now().getTime() + 1_000));
    expect(await sweep.run()).toBe(0);
    clock.advance(1);
    expect(await sweep.run()).toBe(1);
    expect(await test.inspect('select workspace_id as id from resume_tokens')).toEqual([{ id: second }]);
    clock.advance(1);
    expect(await sweep.run()).toBe(1);
    expect(await test.inspect('select workspace_id as id from visitors')).toHaveLength(2);
  });
});
