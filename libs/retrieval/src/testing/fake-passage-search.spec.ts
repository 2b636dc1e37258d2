import { newId } from '@app/kernel';
import { describePassageSearch } from './describe-passage-search';
import { FakePassageSearch } from './fake-passage-search';

describePassageSearch('FakePassageSearch', () => {
  const search = new FakePassageSearch();
  return {
    search,
    async know(texts) {
      const workspaceId = newId();
      const hits = texts.map((text, i) => ({
        id: newId(),
        documentId: newId(),
        documentTitle: 'Help',
        version: 1,
        headingPath: [],
        language: 'en',
        text,
        score: 0.9 / (i + 1),
        legs: {},
      }));
      search.set(workspaceId, hits);
      return workspaceId;
    },
  };
});
