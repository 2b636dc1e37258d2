import { join } from 'node:path';
import type { S3Config } from '@app/config';
import type { KeyRing, SealedStore } from '@app/crypto';
import type { BlobStore } from './blob-store';
import { EncryptedFolderBlobStore } from './encrypted-folder-blob-store';
import { S3BlobStore } from './s3-blob-store';
import { SealedBlobs } from './sealed-blobs';

/** @param s3 null means the folder below the data folder */
export async function openBlobStore(s3: S3Config | null, dataDir: string, ring: KeyRing): Promise<BlobStore> {
  return s3 ? S3BlobStore.open(s3, ring) : openFolder(dataDir, ring);
}

/** Everywhere that files may lie under an old key: also in the folder that was used before the bucket. */
export async function sealedBlobStores(s3: S3Config | null, dataDir: string, ring: KeyRing): Promise<SealedStore[]> {
  const folder = new SealedBlobs('uploaded files', openFolder(dataDir, ring), ring);
  return s3 ? [folder, new SealedBlobs('uploaded files in S3', await S3BlobStore.open(s3, ring), ring)] : [folder];
}

const openFolder = (dataDir: string, ring: KeyRing): EncryptedFolderBlobStore =>
  new EncryptedFolderBlobStore(join(dataDir, 'blobs'), ring);
