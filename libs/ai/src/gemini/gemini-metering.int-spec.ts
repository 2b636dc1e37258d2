import { AppError } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { FallbackAnswers } from '../fallback-answers';
import { ModelMeter, type ModelUsage } from '../model-meter';
import { answerableRequest, collect } from '../testing/describe-answer-provider';
import { FakeAnswers } from '../testing/fake-answers';
import { breaksAfter, fails, neverEnds, says } from '../testing/gemini-scenarios';
import { GeminiServer } from '../testing/gemini-server';
import { GeminiAnswers } from './gemini-answers';

/** Allows so many calls and remembers what was said of each. */
class FakeMeter extends ModelMeter {
  readonly reserved: (ModelUsage & { model: string })[] = [];
  readonly reported: (ModelUsage | null)[] = [];

  constructor(private readonly allowed: number) {
    super();
  }

  async reserve(model: string, atMost: ModelUsage): Promise<void> {
    if (this.reserved.length === this.allowed) throw new AppError('budget.spent');
    this.reserved.push({ model, ...atMost });
    this.reported.push(null);
  }

  report(usage: ModelUsage): void {
    this.reported[this.reported.length - 1] = usage;
  }
}

describe('LLM10 what GeminiAnswers tells the meter', () => {
  let server: GeminiServer;
  const never = new AbortController().signal;

  beforeAll(async () => {
    server = await GeminiServer.start();
  });
  beforeEach(() => void (server.calls.length = 0));
  afterAll(() => server.close());

  const gemini = (): GeminiAnswers =>
    new GeminiAnswers({ apiKey: () => 'key', baseUrl: server.baseUrl, model: 'gemini-test', timeoutSeconds: 30 });
  const ask = (meter: ModelMeter, overrides = {}): ReturnType<typeof collect> =>
    collect(gemini().answer(answerableRequest({ meter, ...overrides }), never));

  it('asks before the call, with all it sends and may get back, and reports what the model counted', async () => {
    server.play(says(['Five days. [1]'], { usage: [321, 45] }));
    const meter = new FakeMeter(1);
    await ask(meter, { maxOutputChars: 5_000 });
    expect(meter.reserved).toEqual([{ model: 'gemini-test', inputTokens: expect.any(Number), outputTokens: 5_000 }]);
    const sent = [server.calls[0]?.system, ...(server.calls[0]?.contents ?? []).map(({ text }) => text)].join('');
    expect(meter.reserved[0]?.inputTokens).toBeGreaterThanOrEqual(Math.floor(Buffer.byteLength(sent) / 3));
    expect(meter.reported).toEqual([{ inputTokens: 321, outputTokens: 45 }]);
  });

  it('makes no call that is not allowed, also not to try again', async () => {
    await expect(ask(new FakeMeter(0))).rejects.toMatchObject({ code: 'budget.spent' });
    expect(server.requestCount).toBe(0);
    server.play(fails(503));
    const meter = new FakeMeter(2);
    await expect(ask(meter)).rejects.toMatchObject({ code: 'budget.spent' });
    expect(server.requestCount).toBe(2);
    const nothing = { inputTokens: 0, outputTokens: 0 };
    expect(meter.reported).toEqual([nothing, nothing]);
  });

  it('reports what was heard of an answer that broke off or was cut', async () => {
    server.play(breaksAfter('Five working days'));
    const broken = new FakeMeter(1);
    await expect(ask(broken)).rejects.toMatchObject({ code: 'provider.unavailable' });
    expect(broken.reported).toEqual([{ inputTokens: broken.reserved[0]?.inputTokens, outputTokens: 6 }]);
    server.play(neverEnds());
    const cut = new FakeMeter(1);
    await ask(cut, { maxOutputChars: 300 });
    expect(cut.reported[0]?.outputTokens).toBeGreaterThanOrEqual(100);
    expect(cut.reported[0]?.outputTokens).toBeLessThan(5_000);
  });

  it('leaves the answer to the next provider when nothing is left, without counting that as a failure', async () => {
    server.play(says(['Five days. [1]']));
    const offline = new FakeAnswers();
    const answers = new FallbackAnswers([gemini(), offline], new FakeClock());
    for (let question = 0; question < 5; question += 1) {
      await collect(answers.answer(answerableRequest({ meter: new FakeMeter(0) }), never));
    }
    expect([server.requestCount, offline.requests.length]).toEqual([0, 5]);
    await collect(answers.answer(answerableRequest({ meter: new FakeMeter(1) }), never));
    expect([server.requestCount, offline.requests.length]).toEqual([1, 5]);
  });
});
