import { mustReachRedis } from '@app/cache';
import type { AppConfig } from '@app/config';
import { EmbedChanges } from '@app/embeds';
import { WorkspaceSuspensions, WorkspaceSuspensionsModule } from '@app/workspaces';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PlatformModule } from '../../platform.module';
import type { Command } from './command';

@Module({})
class SuspensionModule {
  static over(config: AppConfig): DynamicModule {
    return {
      module: SuspensionModule,
      imports: [PlatformModule.forRoot(config, 'customercare-cli'), WorkspaceSuspensionsModule],
      providers: [EmbedChanges],
    };
  }
}

/**
 * Closes a workspace to its members, API keys and visitors; their sockets on every running node within a second. Needs
 * the workspace's id. Beside a running product it needs PostgreSQL: the embedded database belongs to one process.
 */
export const suspendWorkspace: Command = (config, args) => change(config, args, 'suspend');

/** Opens it again, with everything as it was. */
export const restoreWorkspace: Command = (config, args) => change(config, args, 'restore');

async function change(
  config: AppConfig,
  [workspaceId = '']: readonly string[],
  action: 'suspend' | 'restore',
): Promise<string> {
  await mustReachRedis(config.cache.redisUrl);
  const app = await NestFactory.createApplicationContext(SuspensionModule.over(config), {
    logger: false,
    abortOnError: false,
  });
  try {
    await app.get(WorkspaceSuspensions)[action](workspaceId);
    await app.get(EmbedChanges).publish({ workspaceId, embedId: null });
  } finally {
    await app.close();
  }
  return `The workspace is ${action === 'suspend' ? 'suspended' : 'open again'}.`;
}
