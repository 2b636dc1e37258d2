import { answerableRequest, collect, describeAnswerProvider } from '../testing/describe-answer-provider';
import {
  blocksThePrompt,
  breaksAfter,
  echoesItsPrompt,
  fails,
  failsAfter,
  neverEnds,
  quotesThePassages,
  rateLimited,
  says,
  staysSilent,
  talksGibberish,
  thinksAloud,
} from '../testing/gemini-scenarios';
import { GeminiServer } from '../testing/gemini-server';
import { GeminiAnswers } from './gemini-answers';

let server: GeminiServer;
const never = new AbortController().signal;

beforeAll(async () => {
  server = await GeminiServer.start();
});
beforeEach(() => {
  server.play(quotesThePassages());
  server.calls.length = 0;
});
afterAll(() => server.close());

const provider = (timeoutSeconds = 30): GeminiAnswers =>
  new GeminiAnswers({ apiKey: () => 'key', baseUrl: server.baseUrl, model: 'gemini-test', timeoutSeconds });
const ask = (overrides = {}, timeoutSeconds = 30): ReturnType<typeof collect> =>
  collect(provider(timeoutSeconds).answer(answerableRequest(overrides), never));

describeAnswerProvider('GeminiAnswers', provider);

describe('GeminiAnswers: reading the stream', () => {
  it('reads events whatever bytes the network cuts them into', async () => {
    server.play(says(['Fünf Werktage – ', '五天 🎟️ ', '[1]'], { bytesPerWrite: 1 }));
    await expect(ask()).resolves.toMatchObject({ text: 'Fünf Werktage – 五天 🎟️ [1]', end: { reason: 'complete' } });
  });

  it('adds up the parts of a chunk once, and leaves the thoughts out', async () => {
    server.play(thinksAloud('Let me think.', ['Five ', 'days. [1]']));
    await expect(ask()).resolves.toMatchObject({
      text: 'Five days. [1]',
      end: { reason: 'complete', model: 'gemini-test' },
    });
  });

  it('reports the tokens used', async () => {
    server.play(says(['Five days. [1]']));
    await expect(ask()).resolves.toMatchObject({ end: { usage: { inputTokens: 100, outputTokens: 1 } } });
  });

  it.each([
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'blocked'],
    ['PROHIBITED_CONTENT', 'blocked'],
  ])('tells how the answer ended: %s', async (finishReason, reason) => {
    server.play(says(['Five days. [1]'], { finishReason }));
    await expect(ask()).resolves.toMatchObject({ end: { reason } });
  });

  it('tells that the prompt was refused', async () => {
    server.play(blocksThePrompt());
    await expect(ask()).resolves.toMatchObject({ text: '', end: { reason: 'blocked' } });
  });

  it('understands “no answer” however it is cut', async () => {
    server.play(says(['NO', '_ANS', 'WER', '\n']));
    await expect(ask()).resolves.toMatchObject({ text: '', end: { reason: 'no-answer' } });
  });

  it('does not take a sentence that begins like it for “no answer”', async () => {
    server.play(says(['NO', ' refunds. [1]']));
    await expect(ask()).resolves.toMatchObject({ text: 'NO refunds. [1]', end: { reason: 'complete' } });
  });

  it('cuts an endless answer and closes the connection', async () => {
    server.play(neverEnds());
    const aborted = server.abortedCount;
    const { text, end } = await ask({ maxOutputChars: 1_000 });
    expect(text).toHaveLength(1_000);
    expect(end).toMatchObject({ reason: 'length' });
    while (server.abortedCount === aborted) await new Promise(setImmediate);
  });
});

describe('GeminiAnswers: failures', () => {
  it('waits as long as the service asks before it tries again', async () => {
    server.play(rateLimited(0.3), quotesThePassages());
    const started = Date.now();
    await expect(ask()).resolves.toMatchObject({ end: { reason: 'complete' } });
    expect(Date.now() - started).toBeGreaterThanOrEqual(290);
    expect(server.requestCount).toBe(2);
  });

  it('tries a server fault again, three times at most', async () => {
    server.play(fails(503));
    await expect(ask()).rejects.toMatchObject({ code: 'provider.unavailable' });
    expect(server.requestCount).toBe(3);
  });

  it('does not wait longer than the visitor would', async () => {
    server.play(rateLimited(60));
    await expect(ask()).rejects.toMatchObject({ code: 'provider.rate-limited', options: { retryAfterSeconds: 60 } });
    expect(server.requestCount).toBe(1);
  });

  it.each([
    [400, 'provider.rejected'],
    [403, 'provider.unavailable'],
  ])('does not repeat a request that is refused with %d', async (status, code) => {
    server.play(fails(status));
    await expect(ask()).rejects.toMatchObject({ code });
    expect(server.requestCount).toBe(1);
  });

  it('never begins a second answer after some text was shown', async () => {
    server.play(failsAfter('Five working '), quotesThePassages());
    await expect(ask()).rejects.toMatchObject({ code: 'provider.unavailable' });
    expect(server.requestCount).toBe(1);
  });

  it.each([
    ['a connection that breaks', breaksAfter('Five working ')],
    ['an event that is not JSON', talksGibberish()],
    ['an event that is not JSON after some text', talksGibberish('Five working ')],
    ['a stream without any text', says([])],
  ])('reports %s', async (_what, scenario) => {
    server.play(scenario);
    await expect(ask()).rejects.toMatchObject({ code: 'provider.unavailable' });
  });

  it('gives up on a silent service after the time it has', async () => {
    server.play(staysSilent());
    await expect(ask({}, 0.2)).rejects.toMatchObject({ code: 'provider.unavailable' });
  });

  it('gives up on a service that drips for too long', async () => {
    server.play(says(Array<string>(50).fill('drip '), { delayMs: 20 }));
    await expect(ask({}, 0.2)).rejects.toMatchObject({ code: 'provider.unavailable' });
  });

  it('reports a service that cannot be reached', async () => {
    const nowhere = new GeminiAnswers({
      apiKey: () => 'key',
      baseUrl: 'http://127.0.0.1:1',
      model: 'm',
      timeoutSeconds: 5,
    });
    await expect(collect(nowhere.answer(answerableRequest(), never))).rejects.toMatchObject({
      code: 'provider.unavailable',
    });
  });
});

describe('GeminiAnswers: what the model is told', () => {
  it('puts the visitor’s words last, after the passages and the earlier turns', async () => {
    const history = [
      { author: 'visitor', text: 'Hello' },
      { author: 'assistant', text: 'Hi, how can I help?' },
    ];
    await ask({ history });
    const [call] = server.calls;
    expect(call?.contents.map(({ role }) => role)).toEqual(['user', 'model', 'user']);
    expect(call?.contents.at(-1)?.text).toMatch(/five working days[\s\S]*How long does a refund take\?$/);
    expect(call?.apiKey).toBe('key');
  });

  it('fences every request with another boundary and another canary', async () => {
    await ask();
    await ask();
    const fences = server.calls.map((call) => /<<(passages-[0-9a-f]+)>>/.exec(call.system)?.[1]);
    const canaries = server.calls.map((call) => /cc-[0-9a-f]+/.exec(call.system)?.[0]);
    expect(new Set(fences).size).toBe(2);
    expect(new Set(canaries).size).toBe(2);
  });

  it('shows nothing of its prompt even when the model repeats all of it', async () => {
    server.play(echoesItsPrompt());
    const { text, end } = await ask();
    expect(end).toMatchObject({ reason: 'blocked', finding: 'prompt-leak' });
    expect(text).not.toMatch(/cc-[0-9a-f]{18}|passages-[0-9a-f]{18}/);
    expect(text).not.toContain('customer-support assistant');
  });
});
