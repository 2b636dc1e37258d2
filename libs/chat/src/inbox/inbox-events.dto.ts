import { IntegerField, TextField } from '@app/http';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@app/kernel';

export class ConversationListDto {
  @IntegerField({ min: 1, max: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE })
  limit = DEFAULT_PAGE_SIZE;

  /** `nextCursor` of the page before. */
  @TextField({ max: 200, optional: true })
  cursor?: string;
}

export class AccessTokenRenewDto {
  @TextField({ max: 2_048 })
  token: string;
}
