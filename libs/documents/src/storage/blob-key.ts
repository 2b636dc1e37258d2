import { AppError } from '@app/kernel';

/** Both are UUIDs: nothing a person typed ever becomes part of a path. */
export interface BlobKey {
  readonly workspaceId: string;
  /** Names these bytes alone. A document's first version has the document's id. */
  readonly blobId: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a name could be a workspace's or a blob's. */
export const isBlobName = (name: string): boolean => UUID.test(name);

/** `<workspace>/<blob>`, the same in every store. @throws AppError `document.not-found` for what is no UUID */
export function pathOfBlob({ workspaceId, blobId }: BlobKey): string {
  if (!isBlobName(workspaceId) || !isBlobName(blobId)) throw new AppError('document.not-found');
  return `${workspaceId}/${blobId}`;
}

/** The key that a path belongs to; null when it is no blob's. */
export function blobOfPath(path: string): BlobKey | null {
  const [workspaceId = '', blobId = '', ...rest] = path.split('/');
  return rest.length === 0 && isBlobName(workspaceId) && isBlobName(blobId) ? { workspaceId, blobId } : null;
}
