export { BlindIndex } from './blind-index';
export { deriveKey, hmacSha256, sha256 } from './digests';
export { FieldCipher, type FieldPlace } from './field-cipher';
export { isSameSecret } from './is-same-secret';
export { type EncryptionKey, KeyRing } from './key-ring';
export { KeyRingBox } from './key-ring-box';
export { randomToken } from './random-token';
export { type KeyCounts, type Rotation, SealedStore } from './sealed-store';
export { SecretBox } from './secret-box';
