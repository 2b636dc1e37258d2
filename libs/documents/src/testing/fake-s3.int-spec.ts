import { Readable } from 'node:stream';
import { HeadObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { FakeS3 } from './fake-s3';

describe('The fake that speaks S3', () => {
  let fake: FakeS3;
  const clients: S3Client[] = [];
  function client(settings: S3ClientConfig = {}): S3Client {
    const { endpoint, region, accessKeyId, secretAccessKey } = fake.config;
    const credentials = { accessKeyId, secretAccessKey };
    const made = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1, ...settings });
    clients.push(made);
    return made;
  }
  const place = { Bucket: 'blue-kettle', Key: "a folder/it's (new)*.txt" };

  beforeEach(async () => {
    fake = await FakeS3.start();
  });
  afterEach(async () => {
    for (const made of clients.splice(0)) made.destroy();
    await fake.stop();
  });

  it('understands bodies in pieces with their sum behind', async () => {
    const pieces = [Buffer.alloc(70_000, 1), Buffer.alloc(5, 2)];
    const length = 70_005;
    await client().send(new PutObjectCommand({ ...place, Body: Readable.from(pieces), ContentLength: length }));
    expect(fake.objects.get(place.Key).bytes).toEqual(Buffer.concat(pieces));
    expect(await client().send(new HeadObjectCommand(place))).toMatchObject({ ContentLength: length });
  });

  it.each([
    ['SignatureDoesNotMatch', { accessKeyId: 'BLUEKETTLE', secretAccessKey: 'other' }],
    ['InvalidAccessKeyId', { accessKeyId: 'OTHER', secretAccessKey: 'other' }],
  ])('says %s to who has not the keys', async (name, credentials) => {
    const sent = client({ credentials }).send(new PutObjectCommand({ ...place, Body: 'x' }));
    await expect(sent).rejects.toMatchObject({ name });
  });

  it('refuses bodies that are not what was signed or summed', async () => {
    const tampered = client();
    tampered.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: Buffer.from('y') }); // an http request, after it was signed
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const sent = tampered.send(new PutObjectCommand({ ...place, Body: 'x' }));
    await expect(sent).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' });
    const wrong = client().send(new PutObjectCommand({ ...place, Body: 'x', ChecksumCRC32: 'AAAAAA==' }));
    await expect(wrong).rejects.toMatchObject({ name: 'BadDigest' });
  });
});
