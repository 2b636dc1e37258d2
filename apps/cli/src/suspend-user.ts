import { Suspensions, SuspensionsModule } from '@app/auth';
import type { AppConfig } from '@app/config';
import { useJsonLogs } from '@app/observability';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PlatformModule } from '../../platform.module';

/** What is needed to change an account and to tell running nodes of it. */
@Module({})
class UserCommands {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: UserCommands,
      imports: [PlatformModule.forRoot(config, 'customercare-cli'), SuspensionsModule.forRoot(config)],
    };
  }
}

/** `users:suspend <e-mail>`: ends every session of the account at once, on all nodes, and refuses every sign-in. */
export const suspendUser = (config: AppConfig, args: readonly string[]): Promise<string> =>
  change(config, args, async (suspensions, userId) =>
    (await suspensions.suspend(userId))
      ? `User ${userId} is suspended and signed out everywhere.`
      : `User ${userId} was suspended already.`,
  );

/** `users:restore <e-mail>`: the account may sign in again. */
export const restoreUser = (config: AppConfig, args: readonly string[]): Promise<string> =>
  change(config, args, async (suspensions, userId) =>
    (await suspensions.restore(userId)) ? `User ${userId} may sign in again.` : `User ${userId} was not suspended.`,
  );

/** @throws Error for an e-mail nobody has, without saying it again */
async function change(
  config: AppConfig,
  [email]: readonly string[],
  work: (suspensions: Suspensions, userId: string) => Promise<string>,
): Promise<string> {
  if (email === undefined) throw new Error('Say whose account: the e-mail address it has.');
  const app = await NestFactory.createApplicationContext(UserCommands.forRoot(config), {
    logger: false,
    abortOnError: false,
  });
  useJsonLogs(app);
  try {
    const suspensions = app.get(Suspensions);
    const userId = await suspensions.find(email);
    if (userId === null) throw new Error('Nobody has this e-mail address.');
    return await work(suspensions, userId);
  } finally {
    await app.close();
  }
}
