import { Global, Module } from '@nestjs/common';
import { CannedAnswers } from './canned-answers';
import { HybridPassageSearch } from './hybrid-passage-search';
import { IndexCache } from './index/index-cache';
import { KnowledgeReader } from './knowledge-reader';
import { PassageSearch } from './passage-search';
import { SearchController } from './search.controller';

/** `PassageSearch` with its REST route, and `CannedAnswers`. Needs the global database and ai modules. */
@Global()
@Module({
  controllers: [SearchController],
  providers: [
    CannedAnswers,
    KnowledgeReader,
    { provide: IndexCache, useFactory: (reader: KnowledgeReader) => new IndexCache(reader), inject: [KnowledgeReader] },
    { provide: PassageSearch, useClass: HybridPassageSearch },
  ],
  exports: [CannedAnswers, PassageSearch],
})
export class RetrievalModule {}
