import { EnumField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { InspectionPolicy } from '../inspection/inspection-policy';

const ACTIONS = ['flag', 'quarantine'] as const;
type Action = (typeof ACTIONS)[number];

export class ChangeKnowledgePolicyDto implements InspectionPolicy {
  @EnumField({ values: ACTIONS, description: 'What is done with text that is written to steer a model' })
  injection: Action;

  @EnumField({ values: ACTIONS, description: 'What is done with text that a reader does not see' })
  hiddenText: Action;
}

/** An `InspectionPolicy` is shown as it is. */
export class KnowledgePolicyView implements InspectionPolicy {
  @ApiProperty({
    enum: ACTIONS,
    description: '`flag`: searchable, with findings; `quarantine`: held back until a person releases it',
  })
  injection: Action;

  @ApiProperty({ enum: ACTIONS, description: 'The same for hidden text, which is never answered from' })
  hiddenText: Action;
}
