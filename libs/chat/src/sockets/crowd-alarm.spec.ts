import { CrowdAlarm } from './crowd-alarm';

describe('CrowdAlarm', () => {
  let told: number[];
  let alarm: CrowdAlarm;
  const open = (count: number): void => Array.from({ length: count }).forEach(() => alarm.opened());
  const close = (count: number): void => Array.from({ length: count }).forEach(() => alarm.closed());

  beforeEach(() => {
    told = [];
    alarm = new CrowdAlarm((count) => told.push(count));
  });

  it('W09 A25 is silent at 999 and speaks at the thousandth, once', () => {
    open(999);
    expect(told).toEqual([]);
    open(500);
    expect(told).toEqual([1_000]);
  });

  it('W09 A25 is not set off again by a crowd that sways around the number, but by the next one', () => {
    open(1_000);
    for (let time = 0; time < 5; time += 1) {
      close(200);
      open(200);
    }
    expect(told).toEqual([1_000]);
    close(201);
    open(201);
    expect(told).toEqual([1_000, 1_000]);
  });
});
