import { Gate } from '../testing/gate';
import { Turns } from './turns';

describe('Turns', () => {
  it('lets the work of one key wait for each other, and no other key', async () => {
    const turns = new Turns();
    const gate = new Gate();
    const done: string[] = [];
    const first = turns.take('a', async () => {
      await gate.opened;
      done.push('first');
    });
    const second = turns.take('a', async () => void done.push('second'));
    await turns.take('b', async () => void done.push('other'));
    expect(done).toEqual(['other']);
    gate.release();
    await Promise.all([first, second]);
    expect(done).toEqual(['other', 'first', 'second']);
  });

  it('goes on after a failure, which only its caller hears of, and keeps nothing', async () => {
    const turns = new Turns();
    const failed = turns.take('a', async () => Promise.reject(new Error('no')));
    await expect(turns.take('a', async () => 'next')).resolves.toBe('next');
    await expect(failed).rejects.toThrow('no');
    await new Promise(setImmediate);
    expect(turns.size).toBe(0);
  });
});
