import { answerableRequest, collect, describeAnswerProvider } from '../testing/describe-answer-provider';
import { FakeEmbeddings } from '../testing/fake-embeddings';
import { NoEmbeddings } from '../embeddings/no-embeddings';
import { ExtractiveAnswers } from './extractive-answers';

const never = new AbortController().signal;
const provider = new ExtractiveAnswers(new FakeEmbeddings());

describeAnswerProvider('ExtractiveAnswers', () => provider);
describeAnswerProvider('ExtractiveAnswers without a model', () => new ExtractiveAnswers(new NoEmbeddings()));

describe('ExtractiveAnswers', () => {
  const answerFrom = async (question: string, ...texts: string[]): Promise<string> => {
    const [template] = answerableRequest().passages;
    if (!template) throw new Error('the request has a passage');
    const passages = texts.map((text, i) => ({
      ...template,
      id: `chunk-${String(i)}`,
      documentTitle: 'Help',
      headingPath: [],
      text,
    }));
    return (await collect(provider.answer(answerableRequest({ question, passages }), never))).text;
  };

  it('says nothing but sentences of the passages and their markers', async () => {
    const { text } = await collect(provider.answer(answerableRequest(), never));
    const [passage] = answerableRequest().passages;
    for (const sentence of text.split(/ \[\d\]\s*/).filter(Boolean)) expect(passage?.text).toContain(sentence);
  });

  it('brings the whole list when a step of it answers', async () => {
    const list = 'To cancel a booking:\n1. Open the app.\n2. Tap the booking.\n3. Tap Cancel.\n\nOur halls are large.';
    await expect(answerFrom('How do I cancel a booking?', list)).resolves.toBe(
      'To cancel a booking: [1]\n1. Open the app. [1]\n2. Tap the booking. [1]\n3. Tap Cancel. [1]',
    );
  });

  it('answers with what stands below a question or a heading, not with the question', async () => {
    const faq = 'Can I bring my dog?\nOnly guide animals may enter the building.\n\nParking costs two euros.';
    await expect(answerFrom('may I bring a dog', faq)).resolves.toBe('Only guide animals may enter the building. [1]');
  });

  it('does not say the same thing twice', async () => {
    const sentence = 'Refunds take five working days to arrive.';
    await expect(answerFrom('How long do refunds take?', sentence, sentence)).resolves.toBe(`${sentence} [1]`);
  });

  it('does not take footnotes of the document for its own markers', async () => {
    await expect(answerFrom('How long do refunds take?', 'Refunds take five working days.[17]')).resolves.toBe(
      'Refunds take five working days. [1]',
    );
  });

  it('does not answer from passages that share nothing with the question', async () => {
    await expect(answerFrom('What is the capital of Mongolia?', 'Popcorn is sold at the bar.')).resolves.toBe('');
  });
});
