import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ShiftedClock } from './shifted-clock';

const DAY_SECONDS = 86_400;

describe('ShiftedClock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'customercare-clock-'));
  const path = join(folder, 'clock');
  afterAll(() => rmSync(folder, { recursive: true }));

  const daysAhead = (clock: ShiftedClock): number =>
    Math.round((clock.now().getTime() - Date.now()) / (DAY_SECONDS * 1000));

  it('is ahead by what the file says at the moment', () => {
    const clock = new ShiftedClock(path);
    writeFileSync(path, '0\n');
    expect(daysAhead(clock)).toBe(0);
    writeFileSync(path, String(7 * DAY_SECONDS));
    expect(daysAhead(clock)).toBe(7);
    writeFileSync(path, String(-DAY_SECONDS));
    expect(daysAhead(clock)).toBe(-1);
  });

  it.each(['', 'soon', '1e9', '1.5', '99999999999'])('refuses %j rather than guess', (content) => {
    writeFileSync(path, content);
    expect(() => new ShiftedClock(path).now()).toThrow('must hold a whole number of seconds');
  });
});
