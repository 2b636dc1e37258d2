import { ERROR_CATALOGUE } from '@app/kernel';
import { ApiProperty } from '@nestjs/swagger';

import { ChallengeView } from './challenge.view';
import { FieldFaultView } from './field-fault.view';

/** How kernel's Problem looks in the api documentation. */
export class ProblemView {
  @ApiProperty({ type: String, example: 'urn:customercare:problem:request.invalid' })
  type: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status: number;

  @ApiProperty({ type: String, enum: Object.keys(ERROR_CATALOGUE), description: 'Stable: programs may rely on it' })
  code: string;

  @ApiProperty({ type: String, required: false })
  detail?: string;

  @ApiProperty({ type: String, format: 'uuid', required: false, description: 'Also in X-Request-Id' })
  requestId?: string;

  @ApiProperty({ type: 'integer', required: false, description: 'Also in Retry-After' })
  retryAfterSeconds?: number;

  @ApiProperty({ type: String, format: 'uuid', required: false, description: 'What is in the way' })
  existingId?: string;

  @ApiProperty({ type: ChallengeView, required: false, description: 'What to solve first; with challenge.required' })
  challenge?: ChallengeView;

  @ApiProperty({ type: [FieldFaultView], required: false, description: 'What is wrong with which field' })
  errors?: FieldFaultView[];
}
