export { describePassageSearch, type PassageSearchHarness } from './describe-passage-search';
export { FakePassageSearch } from './fake-passage-search';
export { type TestDocument, TestKnowledge } from './test-knowledge';
