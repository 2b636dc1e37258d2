import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  echoesItsPrompt,
  fails,
  GeminiServer,
  neverEnds,
  quotesThePassages,
  rateLimited,
  says,
  staysSilent,
} from '@app/ai/testing';
import { Admin } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const NOTE = Buffer.from(
  '# Deliveries\n\nParcels to Zürich — even on Sundays — arrive within 36 hours of the order.\n',
);
const QUESTION = 'How soon do parcels to Zürich arrive?';

describeStack('A visitor asks where Gemini answers', (start) => {
  let gemini: GeminiServer;
  let stack: Stack;
  let visitor: Visitor;
  let keyFile: string;

  beforeAll(async () => {
    gemini = await GeminiServer.start();
    keyFile = join(mkdtempSync(join(tmpdir(), 'customercare-key-')), 'gemini');
    writeFileSync(keyFile, 'planted-key-7e1f\n');
    stack = await start({ GEMINI_API_KEY_FILE: keyFile, GEMINI_BASE_URL: gemini.baseUrl, ANSWER_TIMEOUT: '6' });
    const admin = await Admin.register(stack.url);
    await admin.uploadAndIndex('deliveries.md', NOTE, 'text/markdown');
    const { embedKey } = await admin.createEmbed([SITE]);
    visitor = await Visitor.arrive(stack.url, embedKey, SITE);
  }, 120_000);

  afterAll(async () => {
    visitor?.leave();
    await stack?.stop();
    await gemini?.close();
    rmSync(dirname(keyFile), { recursive: true, force: true });
  });

  it('and the model, streaming in single bytes, is quoted with the passage it cites', async () => {
    gemini.play(says(['Parcels to Zürich arrive ', 'within 36 hours', ' of the order. [1]'], { bytesPerWrite: 1 }));
    const end = await visitor.ask(QUESTION);
    expect(end).toMatchObject({ outcome: 'answered', text: expect.stringContaining('Zürich arrive within 36 hours') });
    expect(end.citations[0]?.quote).toContain('within 36 hours of the order');
    expect(gemini.calls.at(-1)?.apiKey).toBe('planted-key-7e1f');
  });

  it('and what the passages do not support is not shown', async () => {
    gemini.play(
      says(['Parcels to Zürich arrive within 36 hours of the order. [1] ', 'Giraffes deliver them by submarine. [1]']),
    );
    const end = await visitor.ask(QUESTION);
    expect(end.text).toContain('36 hours');
    expect(end.text).not.toContain('Giraffes');
  });

  it('and a question without an answer never reaches the model', async () => {
    const before = gemini.requestCount;
    expect((await visitor.ask('How do I bake sourdough bread at home?')).outcome).toBe('refused');
    expect(gemini.requestCount).toBe(before);
  });

  it('and a busy model is asked again', async () => {
    gemini.play(rateLimited(1), quotesThePassages());
    const end = await visitor.ask(QUESTION);
    expect([end.outcome, end.text.includes('36 hours')]).toEqual(['answered', true]);
  });

  it('and an endless stream is cut and answered with what is supported', async () => {
    gemini.play(neverEnds('word '));
    const end = await visitor.ask(QUESTION);
    expect(end.text.length).toBeLessThan(20_000);
    expect(end.text).not.toContain('word word word');
  });

  it('B03 and a model that repeats its whole prompt shows neither rules nor key', async () => {
    gemini.play(echoesItsPrompt());
    const end = await visitor.ask(QUESTION);
    const system = gemini.calls.at(-1)?.system ?? '';
    expect(system.length).toBeGreaterThan(50);
    for (const line of system.split('\n').filter((text) => text.length > 30)) expect(end.text).not.toContain(line);
    expect(JSON.stringify(end)).not.toContain('planted-key-7e1f');
  });

  it('B05 and a key exchanged in its file is used from the next question on', async () => {
    writeFileSync(keyFile, 'planted-key-90ab\n');
    gemini.play(quotesThePassages());
    await visitor.ask(QUESTION);
    expect(gemini.calls.at(-1)?.apiKey).toBe('planted-key-90ab');
  });

  it('B03 and the key is in nothing that browsers are given', async () => {
    for (const path of ['/widget/v1/customercare.js', '/docs/json', '/docs', '/healthz', '/readyz']) {
      expect(await (await fetch(stack.url + path)).text()).not.toContain('planted-key');
    }
  });

  it('B03 and neither the model’s key nor the question is in the logs', () => {
    expect(stack.api.log).not.toContain('planted-key');
    expect(stack.api.log).not.toContain('Zürich');
  });

  it.each([
    ['answers 500', fails(500)],
    ['says nothing', staysSilent()],
  ])('and when the model %s the documents’ own sentences answer', async (_name, scenario) => {
    gemini.play(scenario);
    const end = await visitor.ask(QUESTION);
    expect([end.outcome, end.text.includes('36 hours')]).toEqual(['answered', true]);
  });
});
