/** An answer of S3 that is an error, in the form S3 gives it. */
export class FakeS3Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }

  get xml(): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${this.code}</Code><Message>${this.code}</Message><RequestId>fake</RequestId></Error>`;
  }
}
