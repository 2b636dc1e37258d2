import { FakeClock } from '@app/kernel/testing';
import { EmbedExpiries } from './embed-expiries';

const EMBED = { workspaceId: 'w', embedId: 'e' };

describe('EmbedExpiries', () => {
  const heard: unknown[] = [];
  let clock: FakeClock;
  let expiries: EmbedExpiries;
  const inSeconds = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1000);

  beforeEach(() => {
    heard.length = 0;
    clock = new FakeClock();
    expiries = new EmbedExpiries(clock, (change) => heard.push(change));
  });

  it('A12 tells of the nearest end once, when its moment has come and not before', () => {
    expiries.note(EMBED, [null, inSeconds(20), inSeconds(10), inSeconds(-5)]);
    clock.advance(9);
    expiries.look();
    expect(heard).toEqual([]);
    clock.advance(1);
    expiries.look();
    expiries.look();
    expect(heard).toEqual([EMBED]);
  });

  it('forgets an end that was put off or taken back', () => {
    expiries.note(EMBED, [inSeconds(10)]);
    expiries.note(EMBED, [inSeconds(30)]);
    clock.advance(10);
    expiries.look();
    expiries.note(EMBED, [null]);
    clock.advance(30);
    expiries.look();
    expect(heard).toEqual([]);
  });
});
