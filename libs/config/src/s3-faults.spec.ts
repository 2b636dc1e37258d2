import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import { goodEnvironment } from './testing/bad-environments';

const S3 = {
  BLOBS_S3_BUCKET: 'blue-kettle',
  BLOBS_S3_ENDPOINT: 'https://s3.blue-kettle.test:9000',
  BLOBS_S3_ACCESS_KEY_ID: 'BLUEKETTLE',
  BLOBS_S3_SECRET_ACCESS_KEY: 'Vq8mT2rX9kL4',
};

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig({ ...goodEnvironment(), ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.setting);
    throw error;
  }
}

describe('S3 settings', () => {
  it('are off when nothing is set, and whole when four are', () => {
    expect(loadConfig(goodEnvironment()).documents.s3).toBeNull();
    expect(loadConfig({ ...goodEnvironment(), ...S3 }).documents.s3).toEqual({
      endpoint: 'https://s3.blue-kettle.test:9000',
      region: 'us-east-1',
      bucket: 'blue-kettle',
      prefix: 'blobs',
      accessKeyId: 'BLUEKETTLE',
      secretAccessKey: 'Vq8mT2rX9kL4',
      isPathStyle: true,
      hasChecksums: true,
    });
  });

  it('are refused half set, each missing one by name', () => {
    expect(faultsOf({ BLOBS_S3_BUCKET: S3.BLOBS_S3_BUCKET })).toEqual([
      'BLOBS_S3_ENDPOINT',
      'BLOBS_S3_ACCESS_KEY_ID',
      'BLOBS_S3_SECRET_ACCESS_KEY',
    ]);
    expect(faultsOf({ ...S3, BLOBS_S3_BUCKET: undefined })).toEqual(['BLOBS_S3_BUCKET']);
  });

  it('name all faults together', () => {
    const env = { ...S3, BLOBS_S3_ENDPOINT: 'http://s3.blue-kettle.test', BLOBS_S3_BUCKET: 'A', BLOBS_S3_PREFIX: '/' };
    expect(faultsOf(env)).toEqual(expect.arrayContaining(['BLOBS_S3_BUCKET', 'BLOBS_S3_PREFIX', 'BLOBS_S3_ENDPOINT']));
  });

  it.each([
    ['BLOBS_S3_ENDPOINT', 'http://s3.blue-kettle.test'],
    ['BLOBS_S3_ENDPOINT', 'http://minio:9000'],
    ['BLOBS_S3_ENDPOINT', 'https://user:planted@s3.blue-kettle.test'],
    ['BLOBS_S3_ENDPOINT', 'https://s3.blue-kettle.test/bucket'],
    ['BLOBS_S3_SECRET_ACCESS_KEY', 'change-me'],
    ['BLOBS_S3_BUCKET', 'Blue_Kettle'],
    ['BLOBS_S3_BUCKET', 'a/b'],
    ['BLOBS_S3_BUCKET', 'blue.kettle'],
    ['BLOBS_S3_PREFIX', '../other'],
    ['BLOBS_S3_PREFIX', 'a//b'],
    ['BLOBS_S3_PREFIX', 'a/'],
    ['BLOBS_S3_PATH_STYLE', 'yes'],
  ])('in production refuse %s=%s', (name, value) => {
    expect(faultsOf({ ...S3, [name]: value })).toEqual([name]);
  });

  it('take plain http on this machine, and anywhere in development', () => {
    expect(faultsOf({ ...S3, BLOBS_S3_ENDPOINT: 'http://127.0.0.1:9000' })).toEqual([]);
    const development = { ...S3, BLOBS_S3_ENDPOINT: 'http://minio:9000', ENVIRONMENT: 'development' };
    expect(faultsOf(development)).toEqual([]);
  });
});
