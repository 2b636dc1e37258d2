import { AppError } from '@app/kernel';
import { serviceFailure } from './service-failure';

const failure = (code: string, message = 'hunter2'): Error => Object.assign(new Error(message), { code });

describe('serviceFailure', () => {
  it.each([
    ['a statement that took too long', failure('57014'), 'service.busy'],
    ['a lock that was not to be had', failure('55P03'), 'service.busy'],
    ['a deadlock', failure('40P01'), 'service.busy'],
    ['transactions that cannot be put in an order', failure('40001'), 'service.busy'],
    ['a lost connection', failure('08006'), 'service.unavailable'],
    ['a server with no connection left', failure('53300'), 'service.unavailable'],
    ['a server without memory', failure('53200'), 'service.unavailable'],
    ['a server that is shutting down', failure('57P01'), 'service.unavailable'],
    ['a server that is starting', failure('57P03'), 'service.unavailable'],
    ['a session that was ended while idle', failure('25P03'), 'service.unavailable'],
    ['nobody at the address', failure('ECONNREFUSED'), 'service.unavailable'],
    ['a connection the other side reset', failure('ECONNRESET'), 'service.unavailable'],
    ['a name nobody knows', failure('EAI_AGAIN'), 'service.unavailable'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'service.unavailable'],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 'service.unavailable'],
  ])('A40 H16 says of %s what may be told, and when to try again', (_name, cause, code) => {
    const mapped = serviceFailure(cause);
    expect(mapped?.options.cause).toBe(cause);
    const problem = mapped?.toProblem();
    expect(problem).toMatchObject({ code, status: 503, retryAfterSeconds: expect.any(Number) as unknown });
    expect(JSON.stringify(problem)).not.toContain(cause.message);
  });

  it.each([
    ['a row that is there already', failure('23505')],
    ['a statement nobody can read', failure('42601')],
    ['what may not be done', failure('42501')],
    ['a file that is missing', failure('ENOENT')],
    ['a bug', new TypeError('x is not a function')],
    ['a word in a text', new Error('the Connection terminated')],
    ['a refusal', new AppError('document.not-found')],
    ['nothing', undefined],
  ])('leaves %s to others', (_name, cause) => {
    expect(serviceFailure(cause)).toBeNull();
  });
});
