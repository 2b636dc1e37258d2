const BOUNDARY = 'story-7MA4YWxkTrZu0gW';

export interface Part {
  /** Parameters of `Content-Disposition: form-data`, exactly as they are written. */
  readonly disposition: string;
  readonly content: Buffer | string;
}

/** A body that no client writes by itself, and the header that belongs to it. */
export function multipart(parts: readonly Part[]): { body: Buffer; contentType: string } {
  const pieces = parts.flatMap(({ disposition, content }) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
  };
}

/** The file of a form, with a name that says whatever it likes: RFC 8187 can write every character. */
export const namedFile = (fileName: string, content: Buffer | string): Part => ({
  disposition: `name="file"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, escaped)}`,
  content,
});

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
