import { Source } from './source.entity';
import { SourceChange } from './source-change.entity';
import { SourcePage } from './source-page.entity';
import { SourceRun } from './source-run.entity';

export const SOURCE_ENTITIES = [Source, SourceRun, SourcePage, SourceChange];
