import { EventEmitter, once } from 'node:events';
import { AppError, type UserContext, type WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';

import {
  AcceptsFiles,
  Can,
  CurrentUser,
  type HttpReply,
  type HttpRequest,
  Idempotent,
  IntegerField,
  LimitedBy,
  ListField,
  PageQuery,
  Public,
  SignedIn,
  StepUp,
  TextField,
  UuidParam,
  Workspace,
} from '../index';

/** Must never be seen outside. */
const SECRET = 'postgres://app:hunter2@db/customercare';

class OriginDto {
  @TextField({ max: 20 })
  origin: string;
}

class CreateDto {
  @TextField({ max: 40, trim: true })
  name: string;

  @IntegerField({ min: 1, max: 9, optional: true })
  size?: number;

  @ListField(() => OriginDto, { maxItems: 2 })
  origins: OriginDto[];
}

/** A request that a test keeps under way: it says `begun`, and is answered on `finish`. */
class HeldRequest extends EventEmitter {
  async hold(): Promise<void> {
    const finished = once(this, 'finish');
    this.emit('begun');
    await finished;
  }
}

@Controller()
export class PublicController {
  /** GET held. */
  readonly request = new HeldRequest();

  @Public()
  @Get('open')
  open(): { ok: boolean } {
    return { ok: true };
  }

  @Public()
  @Get('bug')
  bug(): never {
    throw new Error(SECRET);
  }

  @Public()
  @Get('refused')
  refused(): never {
    throw new AppError('conversation.busy', { detail: 'Three are waiting', retryAfterSeconds: 7 });
  }

  @Public()
  @Get('list')
  list(@Query() page: PageQuery): PageQuery {
    return page;
  }

  @Public()
  @Get('things/:thingId')
  thing(@UuidParam('thingId') id: string): { id: string } {
    return { id };
  }

  @Public()
  @Post('echo')
  @HttpCode(200)
  echo(@Body() input: CreateDto): CreateDto {
    return input;
  }

  @Public()
  @LimitedBy('auth')
  @Post('sign-in')
  @HttpCode(204)
  signIn(): void {}

  @Public()
  @Post('embed/sessions')
  embedSession(): { ok: boolean } {
    return { ok: true };
  }

  @Public()
  @Get('held')
  async held(): Promise<{ ok: boolean }> {
    await this.request.hold();
    return { ok: true };
  }

  @Public()
  @AcceptsFiles()
  @Post('files')
  @HttpCode(200)
  async files(@Req() request: HttpRequest): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of request.raw) bytes += (chunk as Buffer).length; // the raw request gives bytes
    return { bytes };
  }

  @Public()
  @Put('loose/:name')
  loose(@Param('name') name: string, @Body() body: Partial<CreateDto>, @Query('q') query: string): unknown {
    return [name, body, query];
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody said who may read this';
  }
}

@Controller()
export class GuardedController {
  static created = 0;
  /** POST things with the name `held`. */
  readonly request = new HeldRequest();

  @SignedIn()
  @Get('me')
  me(@CurrentUser() user: UserContext): UserContext {
    return user;
  }

  @SignedIn()
  @StepUp()
  @Delete('me')
  @HttpCode(204)
  leave(): void {}

  @Can('documents.read')
  @StepUp()
  @Delete('workspaces/:workspaceId')
  @HttpCode(204)
  removeWorkspace(): void {}

  @Can('documents.read')
  @Get('workspaces/:workspaceId/documents')
  read(@Workspace() ctx: WorkspaceContext): WorkspaceContext {
    return ctx;
  }

  @Can('documents.write')
  @Delete('workspaces/:workspaceId/documents')
  @HttpCode(204)
  remove(): void {}

  @Can('documents.read')
  @Idempotent()
  @Post(['workspaces/:workspaceId/things', 'workspaces/:workspaceId/others'])
  async create(@Body() input: CreateDto, @Res({ passthrough: true }) reply: HttpReply): Promise<{ count: number }> {
    if (input.name === 'fails once' && GuardedController.created === 0) {
      GuardedController.created += 1;
      throw new AppError('service.not-ready');
    }
    if (input.name === 'held') await this.request.hold();
    if (input.name === 'slow') await new Promise((resolve) => setTimeout(resolve, 200));
    GuardedController.created += 1;
    reply.header('location', '/v1/things/1');
    return { count: GuardedController.created };
  }
}
