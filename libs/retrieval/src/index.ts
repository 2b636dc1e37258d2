export { type CannedAnswer, CannedAnswers } from './canned-answers';
export { type LegScore, type PassageHit, PassageSearch, type SearchQuery, type SearchResult } from './passage-search';
export { RetrievalModule } from './retrieval.module';
