import { AppError } from '@app/kernel';
import { BadRequestException, ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';

import { toAppError, toProblem } from './to-problem';

describe('toProblem', () => {
  it('keeps what an AppError says and adds the request id', () => {
    const error = new AppError('request.invalid', { errors: [{ path: 'name', message: 'is missing' }] });
    expect(toProblem(error, 'r1')).toEqual({
      type: 'urn:customercare:problem:request.invalid',
      title: 'The request is not valid',
      status: 400,
      code: 'request.invalid',
      errors: [{ path: 'name', message: 'is missing' }],
      requestId: 'r1',
    });
  });

  it.each([
    [new NotFoundException('Cannot GET /secret'), 'route.not-found'],
    [new BadRequestException('Unexpected token s in JSON'), 'request.malformed'],
    [new ForbiddenException(), 'access.denied'],
    [new HttpException('teapot', 418), 'internal.error'],
    [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'request.too-large'],
    [
      Object.assign(new Error('x'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }),
      'request.unsupported-media-type',
    ],
    [Object.assign(new Error('a library says'), { code: 'EPERM', statusCode: 404 }), 'internal.error'],
    [new Error('password=hunter2'), 'internal.error'],
    [Object.assign(new Error('duplicate key (email)=(hunter2)'), { code: '23505', statusCode: 409 }), 'internal.error'],
    [Object.assign(new Error('canceling statement: select secret'), { code: '57014' }), 'internal.error'],
    [Object.assign(new Error('connect ECONNREFUSED hunter2:5432'), { code: 'ECONNREFUSED' }), 'internal.error'],
    ['hunter2', 'internal.error'],
    [undefined, 'internal.error'],
    [null, 'internal.error'],
  ])('A40 H16 maps %s to %s without its text', (error, code) => {
    const problem = toProblem(error);
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toMatch(/secret|hunter2|Unexpected|teapot|library/);
  });

  it('keeps the original as the cause, for the log', () => {
    const cause = new Error('what really happened');
    expect(toAppError(cause).options.cause).toBe(cause);
  });
});
