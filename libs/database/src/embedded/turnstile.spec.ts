import { Turnstile } from './turnstile';

describe('Turnstile', () => {
  it('lets one at a time through, first come first served', async () => {
    const turnstile = new Turnstile<string>();
    const order: string[] = [];
    await turnstile.take('a');
    const b = turnstile.take('b').then(() => order.push('b'));
    const c = turnstile.take('c').then(() => order.push('c'));
    await turnstile.take('a');
    expect(order).toEqual([]);
    turnstile.pass('b');
    expect(turnstile.holder).toBe('a');
    turnstile.pass('a');
    await b;
    expect([order, turnstile.holder]).toEqual([['b'], 'b']);
    turnstile.pass('b');
    await c;
    turnstile.pass('c');
    expect([order, turnstile.holder]).toEqual([['b', 'c'], null]);
  });
});
