export { deriveKey, hmacSha256, sha256 } from './digests';
export { isSameSecret } from './is-same-secret';
export { randomToken } from './random-token';
export { SecretBox } from './secret-box';
