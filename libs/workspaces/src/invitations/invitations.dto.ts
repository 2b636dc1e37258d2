import { EmailField, type Role, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import { MemberRoleDto } from '../members/members.dto';
import { ROLES } from '../members/roles';
import type { OpenInvitation } from './invitations.service';

export class InviteDto extends MemberRoleDto {
  @EmailField({ description: 'Of somebody with or without an account; the answer is the same' })
  email: string;
}

export class AcceptInvitationDto {
  @TextField({ max: 100, description: 'What stands behind the # of the mailed link' })
  token: string;
}

export class InvitationView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ format: 'email', maxLength: 254 })
  email: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ format: 'uuid', maxLength: 36, description: 'The user who sent it last' })
  invitedBy: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  sentAt: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  expiresAt: string;
}

export class InvitationsPage {
  @ApiProperty({ type: [InvitationView], maxItems: 100 })
  items: InvitationView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toInvitationView = ({
  id,
  email,
  role,
  invitedBy,
  sentAt,
  expiresAt,
}: OpenInvitation): InvitationView => ({
  id,
  email,
  role,
  invitedBy,
  sentAt: sentAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});
