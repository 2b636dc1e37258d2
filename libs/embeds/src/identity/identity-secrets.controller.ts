import { Can, Idempotent, StepUp, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  CreatedIdentitySecretView,
  IdentitySecretsView,
  toCreatedSecretView,
  toSecretView,
} from './identity-secrets.dto';
import { IdentitySecrets } from './identity-secrets.service';

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds/:embedId/identity-secrets')
export class IdentitySecretsController {
  constructor(private readonly secrets: IdentitySecrets) {}

  /** A secret with which your server vouches for your users. There may be two at a time. The answer shows it once. */
  @Post()
  @Can('embeds.write')
  @StepUp()
  @Idempotent()
  @ApiCreatedResponse({ type: CreatedIdentitySecretView })
  async create(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
  ): Promise<CreatedIdentitySecretView> {
    return toCreatedSecretView(await this.secrets.create(ctx, embedId));
  }

  /** A new secret; the newest of those there were stays good beside it, an older one ends. */
  @Post('rotate')
  @Can('embeds.write')
  @StepUp()
  @Idempotent()
  @ApiCreatedResponse({ type: CreatedIdentitySecretView })
  async rotate(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
  ): Promise<CreatedIdentitySecretView> {
    return toCreatedSecretView(await this.secrets.rotate(ctx, embedId));
  }

  /** Newest first, without the secrets themselves. */
  @Get()
  @Can('embeds.read')
  @ApiOkResponse({ type: IdentitySecretsView })
  async list(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') embedId: string): Promise<IdentitySecretsView> {
    return { items: (await this.secrets.list(ctx, embedId)).map(toSecretView) };
  }

  /** Tokens signed with it are refused from now on. */
  @Delete(':identitySecretId')
  @Can('embeds.write')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @UuidParam('identitySecretId') identitySecretId: string,
  ): Promise<void> {
    return this.secrets.revoke(ctx, embedId, identitySecretId);
  }
}
