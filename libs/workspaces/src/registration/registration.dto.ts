import {
  LinkTokenField,
  MAX_PASSWORD_FIELD_CHARACTERS,
  type RefreshTokenIn,
  RefreshTokenInField,
  TokensView,
  toTokensView,
  toUserView,
  UserView,
} from '@app/auth';
import { EmailField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import { toWorkspaceView, WorkspaceView } from '../workspaces.dto';
import type { Registered } from './registration.service';

export class RegisterDto {
  @EmailField()
  email: string;

  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS, description: '12 to 128 characters' })
  password: string;

  @TextField({ max: 100, trim: true })
  name: string;

  @TextField({ max: 100, trim: true })
  workspaceName: string;
}

export class ConfirmRegistrationDto {
  @LinkTokenField()
  token: string;

  @RefreshTokenInField()
  refreshTokenIn?: RefreshTokenIn;
}

export class RegisteredView extends TokensView {
  @ApiProperty()
  user: UserView;

  @ApiProperty()
  workspace: WorkspaceView;
}

export const toRegisteredView = ({ account, workspace, tokens }: Registered): RegisteredView => ({
  user: toUserView(account),
  workspace: toWorkspaceView(workspace),
  ...toTokensView(tokens),
});
