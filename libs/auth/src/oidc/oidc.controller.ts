import { type HttpReply, type HttpRequest, LimitedBy, Public } from '@app/http';
import { Controller, Get, Query, Redirect, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { Client } from '../client';
import type { ClientInfo } from '../client-info';
import { clearFlowCookie, flowCookieOf, setFlowCookie } from './flow-cookie';
import { OidcCallbackQuery, OidcProviderView, OidcStartQuery, toAnswer } from './oidc.dto';
import { OidcLanding } from './oidc-landing';
import { OidcSettings } from './oidc-settings';
import { OidcSignIn } from './oidc-sign-in.service';

@ApiTags('auth')
@Controller('auth/oidc')
export class OidcController {
  constructor(
    private readonly signIn: OidcSignIn,
    private readonly landing: OidcLanding,
    private readonly settings: OidcSettings,
  ) {}

  /** Whether another provider can be used to sign in, and its name. */
  @Get()
  @Public()
  @ApiOkResponse({ type: OidcProviderView })
  show(): OidcProviderView {
    const { provider } = this.settings;
    return { isEnabled: provider !== null, name: provider?.name ?? null };
  }

  /** Sends the browser to the provider. */
  @Get('start')
  @Public()
  @LimitedBy('auth')
  @Redirect()
  @ApiFoundResponse({ description: 'To the provider' })
  async start(@Query() query: OidcStartQuery, @Res({ passthrough: true }) reply: HttpReply): Promise<{ url: string }> {
    const departure = await this.signIn.depart({ kind: 'sign-in', isFresh: query.prompt === 'login' });
    setFlowCookie(reply, departure.sealedFlow);
    return { url: departure.address };
  }

  /**
   * Where the provider sends the browser back to, and from where it goes on to the product's own page: signed in, asked
   * for the second factor, or with a linked sign-in. What the page has to know stands in the address's fragment.
   */
  @Get('callback')
  @Public()
  @LimitedBy('auth')
  @Redirect()
  @ApiFoundResponse({ description: 'To the page below PUBLIC_URL that OIDC_RETURN_PATH names' })
  async callback(
    @Query() query: OidcCallbackQuery,
    @Client() client: ClientInfo,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<{ url: string }> {
    clearFlowCookie(reply);
    const arrival = await this.signIn.arrive(toAnswer(query), flowCookieOf(request), client);
    return { url: this.landing.addressAfter(arrival, reply) };
  }
}
