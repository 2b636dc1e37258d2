import { TextField } from '@app/http';
import { parseUrl } from '@app/kernel';
import { Matches, ValidateBy } from 'class-validator';

const WEB = new Set(['http:', 'https:']);

/** Citations lead there: an address of the web, and nothing a browser would run. */
const IsWebAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWebAddress',
    validator: {
      validate: (value: unknown) => {
        const url = typeof value === 'string' ? parseUrl(value) : null;
        return url !== null && WEB.has(url.protocol) && url.username === '' && url.password === '';
      },
      defaultMessage: () => 'must be the address of a web page',
    },
  });

/** What is used of a document in a manifest. */
export class ImportedDocumentDto {
  @TextField({ max: 500 })
  path: string;

  @TextField({ max: 200 })
  title: string;

  @TextField({ max: 500, optional: true, nullable: true })
  folder?: string | null;

  @TextField({ max: 2_048, optional: true, nullable: true })
  @IsWebAddress()
  sourceUrl?: string | null;

  @TextField({ min: 64, max: 64 })
  @Matches(/^[0-9a-f]+$/, { message: 'must be hexadecimal' })
  sha256: string;
}
