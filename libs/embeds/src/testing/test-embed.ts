import type { EmbedSession } from '@app/chat-protocol';
import { systemContext, type WorkspaceContext } from '@app/kernel';
import type { INestApplicationContext } from '@nestjs/common';
import type { CreateEmbedDto, UpdateEmbedDto } from '../embeds.dto';
import { EmbedsService } from '../embeds.service';
import { EmbedAdmission } from '../embed-admission';
import { EmbedSessionsService, type SessionRequest } from '../embed-sessions.service';

export interface TestEmbed {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly embedKey: string;
}

/** Creates an embed as an admin of the workspace would, in an application that has EmbedsModule. */
export async function addTestEmbed(
  app: INestApplicationContext,
  ctx: WorkspaceContext,
  input: Partial<CreateEmbedDto> = {},
): Promise<TestEmbed> {
  const { embed, embedKey } = await app.get(EmbedsService, { strict: false }).create(ctx, { name: 'Test', ...input });
  return { workspaceId: ctx.workspaceId, embedId: embed.id, embedKey };
}

/** Changes it as an admin of its workspace would; live sockets hear of it. */
export async function changeTestEmbed(
  app: INestApplicationContext,
  { workspaceId, embedId }: TestEmbed,
  change: 'disable' | 'enable' | 'update',
  input: UpdateEmbedDto = {},
): Promise<void> {
  await app.get(EmbedsService, { strict: false })[change](systemContext(workspaceId), embedId, input);
}

/** A visitor's request for a session, with the `Origin` their browser sends. */
export interface TestSessionRequest extends SessionRequest {
  readonly embedKey: string;
  readonly origin: string | undefined;
}

/** Opens a visitor's session as a browser on `origin` would. */
export async function openTestSession(
  app: INestApplicationContext,
  { embedKey, origin, ...request }: TestSessionRequest,
): Promise<EmbedSession> {
  const admitted = await app.get(EmbedAdmission, { strict: false }).admit(embedKey, origin);
  return app.get(EmbedSessionsService, { strict: false }).open(admitted, request);
}
