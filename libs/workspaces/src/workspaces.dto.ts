import { type Role, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import { ROLES } from './members/roles';
import type { OwnWorkspace } from './workspaces.service';

export class WorkspaceNameDto {
  @TextField({ max: 100, trim: true })
  name: string;
}

export class WorkspaceView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  @ApiProperty({ enum: ROLES, description: "The reader's role" })
  role: Role;
}

export class WorkspacesPage {
  @ApiProperty({ type: [WorkspaceView], maxItems: 100 })
  items: WorkspaceView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toWorkspaceView = ({ id, name, role }: OwnWorkspace): WorkspaceView => ({ id, name, role });
