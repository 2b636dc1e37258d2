import { type DynamicModule, Module } from '@nestjs/common';
import type { AnswersConfig } from '@app/config';
import { SystemClock } from '@app/kernel';
import { AnswerProvider } from './answer-provider';
import { EmbeddingProvider } from './embedding-provider';
import { LocalEmbeddings } from './embeddings/local-embeddings';
import { ExtractiveAnswers } from './extractive/extractive-answers';
import { FallbackAnswers } from './fallback-answers';
import { GeminiAnswers } from './gemini/gemini-answers';

/** Provides the two ports, chosen by configuration: `AnswerProvider` and `EmbeddingProvider`. */
@Module({})
export class AiModule {
  static forRoot(config: AnswersConfig): DynamicModule {
    return {
      module: AiModule,
      global: true,
      providers: [
        { provide: EmbeddingProvider, useFactory: () => new LocalEmbeddings() },
        {
          provide: AnswerProvider,
          useFactory: (embeddings: EmbeddingProvider) => chooseAnswers(config, embeddings),
          inject: [EmbeddingProvider],
        },
      ],
      exports: [EmbeddingProvider, AnswerProvider],
    };
  }
}

function chooseAnswers({ gemini, timeoutSeconds }: AnswersConfig, embeddings: EmbeddingProvider): AnswerProvider {
  const extractive = new ExtractiveAnswers(embeddings);
  if (!gemini) return extractive;
  return new FallbackAnswers([new GeminiAnswers({ ...gemini, timeoutSeconds }), extractive], new SystemClock());
}
