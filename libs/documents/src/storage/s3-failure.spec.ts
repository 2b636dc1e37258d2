import { AppError } from '@app/kernel';
import { isMissingObject, isReplacedObject, s3Failure } from './s3-failure';

const answer = (httpStatusCode: number, name: string): Error =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode } });
const lost = (code: string): Error => Object.assign(new Error('x'), { code });

describe('What S3 says', () => {
  it.each([
    answer(503, 'SlowDown'),
    answer(403, 'AccessDenied'),
    answer(404, 'NoSuchBucket'),
    answer(429, 'TooManyRequests'),
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPROTO', 'CERT_HAS_EXPIRED'].map(lost),
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'].map(lost),
    Object.assign(new Error('x'), { name: 'TimeoutError' }),
    Object.assign(new Error('not XML'), { $metadata: { httpStatusCode: 502 } }),
    new Error('wrapper for Error: connect ECONNREFUSED 127.0.0.1:9'),
  ])('is away (%#)', (error) => {
    expect(s3Failure(error)).toMatchObject({ code: 'service.unavailable', cause: error });
  });

  it.each([
    answer(400, 'InvalidRequest'),
    answer(301, 'PermanentRedirect'),
    // The words of an answer are the store's, and say nothing of a connection.
    Object.assign(answer(400, 'InvalidRequest'), { message: 'ECONNRESET' }),
    new TypeError('a fault of ours'),
    new AppError('data.unreadable'),
    null,
    'text',
  ])('is no reason to come back (%#)', (error) => {
    expect(s3Failure(error)).toBeNull();
  });

  it('is that an object is gone, or another one, by its own code alone', () => {
    expect([answer(404, 'NoSuchKey'), answer(404, 'NoSuchBucket'), lost('NoSuchKey')].map(isMissingObject)).toEqual([
      true,
      false,
      false,
    ]);
    expect(
      [answer(412, 'PreconditionFailed'), answer(409, 'ConditionalRequestConflict'), answer(500, 'x')].map(
        isReplacedObject,
      ),
    ).toEqual([true, true, false]);
  });
});
