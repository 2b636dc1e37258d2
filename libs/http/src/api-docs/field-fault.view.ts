import { ApiProperty } from '@nestjs/swagger';

/** How kernel's FieldFault looks in the api documentation. */
export class FieldFaultView {
  @ApiProperty({ type: String, example: 'origins.0' })
  path: string;

  @ApiProperty({ type: String })
  message: string;
}
