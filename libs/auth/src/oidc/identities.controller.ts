import { CurrentUser, type HttpReply, LimitedBy, SignedIn, StepUp, UuidParam } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { setFlowCookie } from './flow-cookie';
import { Identities } from './identities.service';
import { IdentitiesView, OidcAddressView, toIdentityView } from './oidc.dto';
import { OidcSignIn } from './oidc-sign-in.service';

@ApiTags('auth')
@Controller('me/identities')
export class IdentitiesController {
  constructor(
    private readonly identities: Identities,
    private readonly signIn: OidcSignIn,
  ) {}

  /** The sign-ins at other providers that are linked to the own account. */
  @Get()
  @SignedIn()
  @ApiOkResponse({ type: IdentitiesView })
  async list(@CurrentUser() user: UserContext): Promise<IdentitiesView> {
    return { items: (await this.identities.list(user)).map(toIdentityView) };
  }

  /** Link the provider's sign-in to the own account: send the browser to the address, with the cookie of this answer. */
  @Post()
  @SignedIn()
  @StepUp()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: OidcAddressView })
  async link(
    @CurrentUser() { userId, sessionId }: UserContext,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<OidcAddressView> {
    const { address, sealedFlow } = await this.signIn.depart({ kind: 'link', userId, sessionId });
    setFlowCookie(reply, sealedFlow);
    return { address };
  }

  /** Take a link away. */
  @Delete(':identityId')
  @SignedIn()
  @StepUp()
  @HttpCode(204)
  @ApiNoContentResponse()
  unlink(@CurrentUser() user: UserContext, @UuidParam('identityId') identityId: string): Promise<void> {
    return this.identities.unlink(user, identityId);
  }
}
