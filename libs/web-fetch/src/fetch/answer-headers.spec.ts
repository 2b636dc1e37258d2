import { conditionsOf, contentTypeOf, retryAfterOf, validatorsOf } from './answer-headers';

describe('Headers of answers', () => {
  it('keeps validators that are some, and sends those alone', () => {
    const lastModified = 'Tue, 15 Nov 1994 12:45:26 GMT';
    expect(validatorsOf({ etag: 'W/"a-1"', 'last-modified': lastModified })).toEqual({ etag: 'W/"a-1"', lastModified });
    expect(validatorsOf({ etag: 'a', 'last-modified': 'yesterday' })).toEqual({});
    expect(conditionsOf({ etag: '"a"', lastModified })).toEqual({
      'if-none-match': '"a"',
      'if-modified-since': lastModified,
    });
    expect(conditionsOf({ etag: '"a"\r\nhost: b', lastModified: 'x\r\ny' })).toEqual({});
    expect(validatorsOf({ etag: `"${'a'.repeat(300)}"` })).toEqual({});
  });

  it.each([
    ['text/html; charset=UTF-8', { mediaType: 'text/html', charset: 'utf-8' }],
    ['TEXT/Plain', { mediaType: 'text/plain' }],
    ['text/html;', { mediaType: 'text/html' }],
    ['html', { mediaType: '' }],
    ['', { mediaType: '' }],
    ['text/html, application/pdf', { mediaType: '' }],
  ])('reads the type %p', (value, type) => {
    expect(contentTypeOf({ 'content-type': value })).toEqual(type);
  });

  it.each([
    ['120', 120],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60],
    ['999999999', 86_400],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['Thu, 01 Jan 1960 00:01:00 GMT', undefined],
  ])('reads Retry-After: %s', (value, seconds) => {
    expect(retryAfterOf({ 'retry-after': value }, 0)).toBe(seconds);
  });
});
