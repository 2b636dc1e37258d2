import { QuarantineController } from './quarantine.controller';
import { Quarantine } from './quarantine.service';
import { RescanQueue } from './rescan-queue';
import { RescanRunner } from './rescan.runner';
import { Rescan } from './rescan.service';

/** Routes of the quarantine, for `DocumentsModule`. */
export const QUARANTINE_CONTROLLERS = [QuarantineController];

/** What the quarantine is made of, for `DocumentsModule`. */
export const QUARANTINE_PROVIDERS = [Quarantine, Rescan, RescanQueue, RescanRunner];
