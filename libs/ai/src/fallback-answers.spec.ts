import { Logger } from '@nestjs/common';
import { AppError } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { FallbackAnswers } from './fallback-answers';
import { answerableRequest, collect, describeAnswerProvider } from './testing/describe-answer-provider';
import { FakeAnswers } from './testing/fake-answers';

const never = new AbortController().signal;
const failing = (): FakeAnswers => new FakeAnswers(() => [new AppError('provider.unavailable')]);
const answering = (): FakeAnswers => new FakeAnswers();

beforeAll(() => Logger.overrideLogger(false));

describeAnswerProvider('FakeAnswers', answering);
describeAnswerProvider('FallbackAnswers', () => new FallbackAnswers([failing(), answering()], new FakeClock()));

describe('FallbackAnswers', () => {
  const ask = (provider: FallbackAnswers): ReturnType<typeof collect> =>
    collect(provider.answer(answerableRequest(), never));

  it('asks the second provider when the first one fails before any text', async () => {
    await expect(ask(new FallbackAnswers([failing(), answering()], new FakeClock()))).resolves.toMatchObject({
      end: { model: 'fake' },
    });
  });

  it('does not begin again after some text was shown', async () => {
    const breaking = new FakeAnswers(() => [{ type: 'text', text: 'Five ' }, new AppError('provider.unavailable')]);
    const second = answering();
    await expect(ask(new FallbackAnswers([breaking, second], new FakeClock()))).rejects.toMatchObject({
      code: 'provider.unavailable',
    });
    expect(second.requests).toHaveLength(0);
  });

  it('leaves a provider that failed three times in a row alone for half a minute', async () => {
    const clock = new FakeClock();
    const first = failing();
    const provider = new FallbackAnswers([first, answering()], clock);
    for (let i = 0; i < 5; i++) await ask(provider);
    expect(first.requests).toHaveLength(3);
    clock.advance(31);
    await ask(provider);
    await ask(provider);
    expect(first.requests).toHaveLength(4);
  });

  it('forgets failures once a provider answered', async () => {
    let calls = 0;
    const flaky = new FakeAnswers(() =>
      ++calls % 3 === 0
        ? [{ type: 'end', reason: 'complete', model: 'flaky' }]
        : [new AppError('provider.unavailable')],
    );
    const provider = new FallbackAnswers([flaky, answering()], new FakeClock());
    for (let i = 0; i < 9; i++) await ask(provider);
    expect(flaky.requests).toHaveLength(9);
  });

  it('reports the last provider’s failure', async () => {
    await expect(ask(new FallbackAnswers([failing(), failing()], new FakeClock()))).rejects.toMatchObject({
      code: 'provider.unavailable',
    });
  });
});
