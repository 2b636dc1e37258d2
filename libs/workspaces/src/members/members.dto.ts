import { EnumField, type Role } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import type { Member } from './members.service';
import { ROLES } from './roles';

export class MemberRoleDto {
  @EnumField({ values: ROLES })
  role: Role;
}

export class MemberView {
  @ApiProperty({ format: 'uuid', maxLength: 36, description: "The user's id" })
  id: string;

  @ApiProperty({ format: 'email', maxLength: 254 })
  email: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  joinedAt: string;
}

export class MembersPage {
  @ApiProperty({ type: [MemberView], maxItems: 100 })
  items: MemberView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toMemberView = ({ id, email, name, role, joinedAt }: Member): MemberView => ({
  id,
  email,
  name,
  role,
  joinedAt: joinedAt.toISOString(),
});
