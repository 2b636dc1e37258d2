import { PageDocuments } from './page-documents';
import { PageIntake } from './page-intake';
import { PageRemoval } from './page-removal';
import { PageVisits } from './page-visits';
import { SourceEvents } from './source-events';
import { SourceQueue } from './source-queue';
import { SourceRemoval } from './source-removal.service';
import { SourceReportsController } from './source-reports.controller';
import { SourceReports } from './source-reports.service';
import { SourceRunner } from './source-runner';
import { SourceSync } from './source-sync';
import { SourceWalks } from './source-walks';
import { SourceWatch } from './source-watch';
import { SourcesController } from './sources.controller';
import { SourcesService } from './sources.service';
import { SyncRecord } from './sync-record';
import { SyncStarter } from './sync-starter';
import { WEB_READERS } from './web-readers';

/** Routes of web sources, for `DocumentsModule`. */
export const SOURCE_CONTROLLERS = [SourceReportsController, SourcesController];

/** What web sources are made of, for `DocumentsModule`. */
export const SOURCE_PROVIDERS = [
  PageDocuments,
  PageIntake,
  PageRemoval,
  PageVisits,
  SourceEvents,
  SourceQueue,
  SourceRemoval,
  SourceReports,
  SourceRunner,
  SourceSync,
  SourceWalks,
  SourceWatch,
  SourcesService,
  SyncRecord,
  SyncStarter,
  ...WEB_READERS,
];
