export { answerableRequest, collect, describeAnswerProvider } from './describe-answer-provider';
export { describeEmbeddingProvider } from './describe-embedding-provider';
export { FakeAnswers } from './fake-answers';
export { FakeEmbeddings } from './fake-embeddings';
export {
  blocksThePrompt,
  breaksAfter,
  echoesItsPrompt,
  fails,
  failsAfter,
  type GeminiScenario,
  neverEnds,
  quotesThePassages,
  rateLimited,
  says,
  staysSilent,
  talksGibberish,
  thinksAloud,
} from './gemini-scenarios';
export type { GeminiCall } from './gemini-call';
export { GeminiServer } from './gemini-server';
