import { Global, Module } from '@nestjs/common';
import { HybridPassageSearch } from './hybrid-passage-search';
import { IndexCache } from './index/index-cache';
import { KnowledgeReader } from './knowledge-reader';
import { PassageSearch } from './passage-search';
import { SearchController } from './search.controller';

/** `PassageSearch` and its REST route. Needs the global database and ai modules. */
@Global()
@Module({
  controllers: [SearchController],
  providers: [
    KnowledgeReader,
    { provide: IndexCache, useFactory: (reader: KnowledgeReader) => new IndexCache(reader), inject: [KnowledgeReader] },
    { provide: PassageSearch, useClass: HybridPassageSearch },
  ],
  exports: [PassageSearch],
})
export class RetrievalModule {}
