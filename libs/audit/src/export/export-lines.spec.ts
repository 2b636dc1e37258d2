import type { AuditEntry } from '../audit-events.service';
import { CSV_HEADER, toCsv, toNdjson } from './export-lines';

const entry = (requestId: string): AuditEntry => ({
  id: '018f0000-0000-7000-8000-000000000001',
  workspaceId: '018f0000-0000-7000-8000-000000000002',
  action: 'member.added',
  result: 'succeeded',
  actorType: 'user',
  actorId: null,
  data: { name: 'a, "b"\nc' },
  ip: null,
  ipIndex: null,
  requestId,
  seq: '7',
  createdAt: new Date('2026-03-01T09:30:00Z'),
  previousHash: Buffer.alloc(2),
  hash: Buffer.from('abcd', 'hex'),
});

describe('Lines of an exported trail', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('A29 D04 cannot become a formula: %j', (text) => {
    expect(toCsv([entry(text)])).toMatch(/(,|,")'[=+\-@\t\r]/);
  });

  it('D04 have as many fields as the header says, quoted where they must be', () => {
    const line = toCsv([entry('r')]);
    expect(line).toBe(
      '7,018f0000-0000-7000-8000-000000000001,2026-03-01T09:30:00.000Z,member.added,succeeded,user,,,r,' +
        '"{""name"":""a, \\""b\\""\\nc""}",0000,abcd\r\n',
    );
    expect(CSV_HEADER.split(',')).toHaveLength(12);
  });

  it('D04 are one JSON object each', () => {
    const lines = toNdjson([entry('r'), entry('s')]).split('\n');
    expect(lines.map((line) => (line ? (JSON.parse(line) as { requestId: string }).requestId : ''))).toEqual([
      'r',
      's',
      '',
    ]);
  });
});
