import { Module } from '@nestjs/common';

import { ApiKeysController } from './api-keys.controller';
import { ApiKeys } from './api-keys.service';

/** Making and revoking API keys. Needs AuthModule, HttpModule and a provider of `WorkspaceAccess`, which is above. */
@Module({ controllers: [ApiKeysController], providers: [ApiKeys] })
export class ApiKeysModule {}
