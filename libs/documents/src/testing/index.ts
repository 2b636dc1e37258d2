export { compiledParserEntry } from './compiled-parser-entry';
export { describeBlobStore } from './describe-blob-store';
export { describeDocumentParser, type ParserSample } from './describe-document-parser';
export { describeVirusScanner } from './describe-virus-scanner';
export { eicar } from './eicar';
export { FakeVirusScanner } from './fake-virus-scanner';
export { MemoryBlobStore } from './memory-blob-store';
export { writeZip } from './write-zip';
