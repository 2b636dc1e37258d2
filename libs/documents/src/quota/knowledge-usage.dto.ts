import { ApiProperty } from '@nestjs/swagger';
import type { StoredAmount } from './document-quota';

/** From this share of a limit on, somebody should know. */
const NEAR = 0.8;

export class StoredAmountView implements StoredAmount {
  @ApiProperty()
  documents: number;

  @ApiProperty({ description: 'Of the files of all versions that are kept' })
  bytes: number;
}

export class KnowledgeUsageView {
  @ApiProperty({ type: StoredAmountView })
  used: StoredAmountView;

  @ApiProperty({ type: StoredAmountView })
  limits: StoredAmountView;

  @ApiProperty({ description: 'Whether 80 % of a limit is used' })
  isNearLimit: boolean;
}

export const toUsageView = (used: StoredAmount, limits: StoredAmount): KnowledgeUsageView => ({
  used,
  limits,
  isNearLimit: used.documents >= NEAR * limits.documents || used.bytes >= NEAR * limits.bytes,
});
