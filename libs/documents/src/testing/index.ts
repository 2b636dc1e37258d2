export { compiledParserEntry } from './compiled-parser-entry';
export { describeBlobStore } from './describe-blob-store';
export { describeDocumentParser, type ParserSample } from './describe-document-parser';
export { describeVirusScanner } from './describe-virus-scanner';
export { eicar } from './eicar';
export { FakeClamd } from './fake-clamd';
export { FakeVirusScanner } from './fake-virus-scanner';
export { MemoryBlobStore } from './memory-blob-store';
