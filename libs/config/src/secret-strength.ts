/** OWASP ASVS 5.0, 11.5.1: at least 128 bits; the guides ask for 256. */
export const MIN_SECRET_BYTES = 32;

/** Of 32 random bytes about 30 are different; fewer than 16 happens once in 10^19. */
const MIN_DISTINCT_BYTES = 16;

/** What people type instead of a secret. All long enough never to turn up in random text. */
const WEAK_WORDS = [
  'changeme',
  'change-me',
  'change_me',
  'secret',
  'password',
  'default',
  'example',
  'placeholder',
  'insecure',
  'customercare',
  'your-',
  'your_',
  'replace',
  'development',
  'production',
  'qwerty',
  'letmein',
  '123456',
  'abcdef',
];

/** The bytes of a secret written in hexadecimal or base64 (either alphabet), or else its UTF-8 text. */
export function decodeSecret(text: string): Buffer {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Buffer.from(text, 'base64');
  return Buffer.from(text);
}

/** Whether a text holds one of the words people type where a secret belongs. */
export function isPlaceholder(text: string): boolean {
  const lower = text.toLowerCase();
  return WEAK_WORDS.some((word) => lower.includes(word));
}

/** What is weak about a secret, or null. */
export function weaknessOf(text: string): string | null {
  const bytes = decodeSecret(text);
  if (bytes.length < MIN_SECRET_BYTES) return `must have at least ${MIN_SECRET_BYTES} bytes once decoded`;
  if (isPlaceholder(text)) return 'looks like a placeholder or a well-known value';
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) return 'repeats itself; take random bytes';
  return null;
}
