import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { Logger } from '@nestjs/common';
import { AuditAddresses } from '../audit-address';
import { AuditLog } from '../audit-log';
import { AnchorFile } from './anchor-file';
import { AuditAnchoring } from './audit-anchoring';
import { AnchorSigner } from './audit-anchors';
import { verifyAudit } from './verify-audit';

describeDatabases('Anchors of the audit trail', (create) => {
  let test: TestDatabase;
  let audit: AuditLog;
  let folder: string;
  let file: AnchorFile;
  let anchoring: AuditAnchoring;
  const secret = randomBytes(32);

  beforeAll(async () => {
    test = await create();
    audit = new AuditLog(test.db, new AuditAddresses(fieldCipherForTests(), blindIndexForTests()));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    file = new AnchorFile(join(folder, 'anchors.jsonl'), new AnchorSigner(secret));
    anchoring = new AuditAnchoring(test.systemDb, new FakeClock(), file, 600);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  afterAll(() => test.close());

  const record = async (workspaceId: string): Promise<void> =>
    audit.recordAlone({ workspaceId, actor: { type: 'system' } }, 'access.denied');
  const seqsOf = async (chain: string): Promise<number[]> =>
    (await file.read()).anchors.filter((anchor) => anchor.chain === chain).map(({ seq }) => seq);

  it('D05 are noted for chains that grew, and agree with the trail', async () => {
    const [busy, quiet] = [newId(), newId()];
    await record(busy);
    await record(quiet);
    await anchoring.anchor();
    await record(busy);
    await anchoring.anchor();
    await anchoring.anchor();
    expect([await seqsOf(busy), await seqsOf(quiet)]).toEqual([[1, 2], [1]]);
    const { anchors, forgedLines } = await file.read();
    expect(forgedLines).toEqual([]);
    expect((await verifyAudit((sql, parameters) => test.inspect(sql, parameters), anchors)).faults).toEqual([]);
  });

  it('D05 are refused when somebody else wrote or changed them', async () => {
    await record(newId());
    await anchoring.anchor();
    const [line = ''] = (await readFile(file.path, 'utf8')).split('\n');
    const { seq } = JSON.parse(line) as { seq: number };
    const stranger = new AnchorSigner(randomBytes(32));
    const forged = [
      line.replace(`"seq":${seq}`, `"seq":${seq + 1}`),
      stranger.toLine({ chain: newId(), seq: 1, hash: 'ab', at: 'now' }).trim(),
      '{"chain":1}',
      '[]',
      line.slice(0, -3),
    ];
    const { anchors } = await file.read();
    await appendFile(file.path, forged.join('\n'));
    const read = await file.read();
    expect(read.anchors).toEqual(anchors);
    expect(read.forgedLines).toEqual(forged.map((_, index) => anchors.length + 1 + index));
  });

  it('start on a line of their own after one that was cut', async () => {
    await appendFile(file.path, '{"half');
    const workspaceId = newId();
    await record(workspaceId);
    await anchoring.anchor();
    expect(await seqsOf(workspaceId)).toEqual([1]);
    expect((await file.read()).forgedLines).toEqual([1]);
  });

  it('never stop the product when the file cannot be written', async () => {
    Logger.overrideLogger(false);
    const lost = new AnchorFile('/dev/null/anchors.jsonl', new AnchorSigner(secret));
    await record(newId());
    await expect(new AuditAnchoring(test.systemDb, new FakeClock(), lost, 600).anchor()).resolves.toBeUndefined();
  });
});
