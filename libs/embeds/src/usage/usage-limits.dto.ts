import { IntegerField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { UsageLimitChanges } from './usage-limits';

const MESSAGES = { min: 1, max: 10_000_000, optional: true, nullable: true };
/** A budget of 0 means that no model is asked: the offline answers. */
const AMOUNT = { min: 0, max: 1_000_000_000_000, optional: true, nullable: true };

/** What is left out stays; null takes a limit away. The installation's own limits hold all the same. */
export class UsageLimitsDto implements UsageLimitChanges {
  @IntegerField(MESSAGES)
  messagesPerMinute?: number | null;

  @IntegerField(MESSAGES)
  messagesPerHour?: number | null;

  @IntegerField({ ...AMOUNT, description: 'Read and written, of models that cost; days and months are those of UTC' })
  tokensPerDay?: number | null;

  @IntegerField(AMOUNT)
  tokensPerMonth?: number | null;

  @IntegerField({ ...AMOUNT, description: 'Millionths of the currency the installation sets its prices in' })
  costMicrosPerDay?: number | null;

  @IntegerField(AMOUNT)
  costMicrosPerMonth?: number | null;

  @IntegerField({ ...AMOUNT, description: 'Calls to a model, repeated ones included' })
  modelCallsPerDay?: number | null;

  @IntegerField(AMOUNT)
  modelCallsPerMonth?: number | null;

  @IntegerField({ ...AMOUNT, description: 'Of one visitor' })
  visitorTokensPerDay?: number | null;
}

export class UsageLimitsView {
  @ApiProperty({ description: 'What was set here' })
  own: UsageLimitsDto;

  @ApiProperty({ description: 'What holds, with the limits of the workspace and the installation' })
  effective: UsageLimitsDto;
}
