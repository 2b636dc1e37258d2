import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { AppError, type ErrorCode } from '@app/kernel';
import multer, { MulterError } from 'multer';
import type { IncomingFile } from '../formats/file-identifier';

const FIELD = 'file';
/** What multipart adds around a file: boundaries, part headers, and some small fields. */
const ENVELOPE_BYTES = 64 * 1024;
const LIMITS = { files: 1, fields: 4, parts: 5, fieldSize: 1024, fieldNameSize: 100, headerPairs: 20 };

const CODES: Readonly<Partial<Record<MulterError['code'], ErrorCode>>> = {
  LIMIT_FILE_SIZE: 'document.too-large',
  LIMIT_FILE_COUNT: 'document.file-missing',
  LIMIT_UNEXPECTED_FILE: 'document.file-missing',
};

/**
 * Reads one file from a multipart request, whose body nobody has touched. It stays in memory: its plain text must not
 * lie on a disk, and there is nothing to clean up after a crash. Both limits hold while the body arrives, whatever its
 * length claims, and for chunked bodies without one.
 *
 * @throws AppError `document.file-missing`, `document.too-large`, `request.malformed`, `request.invalid`,
 *   `request.unsupported-media-type`
 */
export async function receiveFile(
  raw: IncomingMessage,
  reply: ServerResponse,
  maxFileBytes: number,
): Promise<IncomingFile> {
  if (!/^multipart\/form-data\b/i.test(raw.headers['content-type'] ?? '')) {
    throw new AppError('request.unsupported-media-type');
  }
  const body = new LimitedBody(raw, maxFileBytes + ENVELOPE_BYTES);
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { ...LIMITS, fileSize: maxFileBytes },
    defParamCharset: 'utf8',
  }).single(FIELD);
  try {
    // multer reads a stream with headers and leaves its findings on it; its types ask for Express.
    const request = body as unknown as Parameters<typeof upload>[0];
    const response = reply as unknown as Parameters<typeof upload>[1];
    await new Promise<void>((resolve, reject) => {
      upload(request, response, (error: unknown) => (error === undefined ? resolve() : reject(asError(error))));
    });
    if (!request.file) throw new AppError('document.file-missing');
    const { originalname, mimetype, buffer } = request.file;
    return { fileName: originalname ?? '', mediaType: mimetype, bytes: buffer };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** A request body that ends with an error when it is longer than allowed; the request itself stays open for the answer. */
class LimitedBody extends Transform {
  readonly headers: IncomingMessage['headers'];
  private size = 0;

  constructor(
    raw: IncomingMessage,
    private readonly maxBytes: number,
  ) {
    super();
    this.headers = raw.headers;
    this.once('error', () => raw.unpipe(this));
    raw.once('aborted', () => this.destroy(new Error('The sender went away')));
    raw.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) done(new AppError('document.too-large'));
    else done(null, chunk);
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('Upload failed', { cause: error });

function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof MulterError) return new AppError(CODES[error.code] ?? 'request.invalid', { cause: error });
  return new AppError('request.malformed', { cause: error });
}
