import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@app/kernel';

import { IntegerField } from './fields/integer-field';
import { TextField } from './fields/text-field';

/** The query of every list: `?limit=50&cursor=…`. */
export class PageQuery {
  @IntegerField({ min: 1, max: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE, fromText: true })
  limit = DEFAULT_PAGE_SIZE;

  /** `nextCursor` of the page before; `decodeCursor` reads it. */
  @TextField({ max: 200, optional: true })
  cursor?: string;
}
