import { Admin } from './support/admin';
import { until } from './support/until';
import { describeStacks, type Stack } from './support/stack';

const longText = (): Buffer =>
  Buffer.from(
    Array.from({ length: 4000 }, (_, n) => `Part ${n} of the machine is cleaned every ${n + 3} hours.`).join('\n'),
  );

describeStacks('An operator stops the product while it reads a document', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start();
  }, 120_000);
  afterAll(() => stack?.stop());

  it('and every process ends well, without a word of a crash', async () => {
    const admin = await Admin.register(stack.url);
    const answer = await admin.upload('long.txt', longText(), 'text/plain');
    await until(async () => (await admin.document(answer.body.id)).status === 'embedding', 60, 'status embedding');
    const processes = [stack.api, ...(stack.worker ? [stack.worker] : [])];
    const codes = await Promise.all(processes.map((process) => process.stop('SIGTERM')));
    for (const { log } of processes) expect(log).not.toMatch(/Napi|is closed|Node\.js v\d/);
    expect(codes).toEqual(processes.map(() => 0));
  }, 120_000);
});
