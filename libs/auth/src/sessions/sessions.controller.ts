import { CurrentUser, SignedIn, UuidParam } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { SessionListView, SessionsEndedView, toSessionListView } from './sessions.dto';
import { Sessions } from './sessions.service';

/** Where the signed-in user is signed in. */
@ApiTags('auth')
@Controller('me/sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  /** The user's living sessions, the last used first. */
  @Get()
  @SignedIn()
  @ApiOkResponse({ type: SessionListView })
  async list(@CurrentUser() user: UserContext): Promise<SessionListView> {
    return toSessionListView(await this.sessions.list(user));
  }

  /** End one of them: whoever is signed in there is signed out. */
  @Delete(':sessionId')
  @SignedIn()
  @HttpCode(204)
  @ApiNoContentResponse()
  endOne(@CurrentUser() user: UserContext, @UuidParam('sessionId') sessionId: string): Promise<void> {
    return this.sessions.endOne(user, sessionId);
  }

  /** End all but the one this is asked with. */
  @Post('revoke-others')
  @SignedIn()
  @HttpCode(200)
  @ApiOkResponse({ type: SessionsEndedView })
  async endOthers(@CurrentUser() user: UserContext): Promise<SessionsEndedView> {
    return { count: await this.sessions.endOthers(null, user, 'revoked-by-user') };
  }
}
