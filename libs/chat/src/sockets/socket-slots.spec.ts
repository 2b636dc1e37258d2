import { SocketSlots } from './socket-slots';

describe('SocketSlots', () => {
  it('gives out as many as there are, per key, and takes each back once', () => {
    const slots = new SocketSlots(2);
    const first = slots.acquire('a');
    expect(slots.acquire('a')).not.toBeNull();
    expect(slots.hasFree('a')).toBe(false);
    expect(slots.acquire('a')).toBeNull();
    expect(slots.acquire('b')).not.toBeNull();
    first?.();
    first?.();
    expect(slots.acquire('a')).not.toBeNull();
    expect(slots.acquire('a')).toBeNull();
  });
});
