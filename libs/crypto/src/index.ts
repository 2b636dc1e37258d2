export { BlindIndex } from './blind-index';
export { deriveKey, hmacSha256, sha256 } from './digests';
export { FieldCipher, type FieldPlace } from './field-cipher';
export { isSameSecret } from './is-same-secret';
export { type EncryptionKey, KeyRing } from './key-ring';
export { randomToken } from './random-token';
export { SecretBox } from './secret-box';
