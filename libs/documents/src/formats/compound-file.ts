import { AppError } from '@app/kernel';

/** Compound File Binary header (MS-CFB 2.2): old Office files, and new ones with a password (MS-OFFCRYPTO 2.3). */
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');
/** The stream in which OLE Packager keeps any file at all (MS-OLEDS 2.3.6). Equations and charts do not use it. */
const PACKAGED_FILE = Buffer.from('\u0001Ole10Native', 'utf16le');

const isCompoundFile = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(COMPOUND_FILE);

/** @throws AppError `document.encrypted`, `.type-mismatch` when a ZIP was promised and this is an old Office file */
export function refuseCompoundFile(bytes: Buffer): void {
  if (!isCompoundFile(bytes)) return;
  if (bytes.includes(ENCRYPTED_PACKAGE)) throw new AppError('document.encrypted');
  throw new AppError('document.type-mismatch', {
    detail: 'It is an old binary Office file; save it in the new format',
  });
}

/** Whether an embedded OLE object holds a file of any kind, a program included. */
export const holdsPackagedFile = (content: Buffer): boolean => content.includes(PACKAGED_FILE);

/** @throws AppError `document.active-content` for an embedded object that is not sound, or holds a file of any kind */
export function checkEmbeddedObject(content: Buffer): void {
  if (!isCompoundFile(content) || holdsPackagedFile(content)) throw new AppError('document.active-content');
}
