import { CurrentUser, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { Accounts } from './accounts/accounts.service';
import { MeView, toMeView } from './auth.dto';

@ApiTags('auth')
@Controller('me')
export class MeController {
  constructor(private readonly accounts: Accounts) {}

  /** The signed-in user and the workspaces they belong to. */
  @Get()
  @SignedIn()
  @ApiOkResponse({ type: MeView })
  async show(@CurrentUser() user: UserContext): Promise<MeView> {
    return toMeView(await this.accounts.ownProfile(user));
  }
}
