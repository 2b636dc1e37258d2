import { randomUUID } from 'node:crypto';
import { fails, GeminiServer, quotesThePassages } from '@app/ai/testing';
import type { ServerEvents } from '@app/chat-protocol';
import { Admin, type Answer, call } from './support/admin';
import { describeInBrowser } from './support/browser';
import { Shop } from './support/shop';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

interface SnippetView {
  id: string;
  version: number;
  status: string;
}

const TITLE = 'Fern';
const HOURS = 'When are you open?';
const HOURS_ANSWER = '**Nine to five**, and [on request](https://www.example.com/hours).\n\n- Mondays: closed';
const REFUNDS = 'How do I get my money back?';

describeInBrowser('An editor writes answers', (browser) => {
  describeStack('on two nodes, with a model', (start) => {
    let stack: Stack;
    let gemini: GeminiServer;
    let site: Shop;
    let editor: Admin;
    let visitor: Visitor;
    let workspace: string;
    let embedKey: string;

    beforeAll(async () => {
      gemini = await GeminiServer.start();
      const env = { GEMINI_API_KEY: 'planted-key-51d0', GEMINI_BASE_URL: gemini.baseUrl };
      stack = await start(env, { apiNodes: 2 });
      site = await Shop.open(browser());
      const owner = await Admin.register(stack.url);
      editor = await Admin.register(stack.url);
      await owner.addMember(editor, 'editor');
      workspace = `/v1/workspaces/${owner.workspaceId}`;
      const embed = await owner.createEmbed([site.url]);
      embedKey = embed.embedKey;
      await owner.inWorkspace('PUT', `/embeds/${embed.id}`, { title: TITLE });
      // The editor works at the first node, the visitor is at the last.
      visitor = await Visitor.arrive(stack.nodes.at(-1)?.url ?? stack.url, embedKey, site.url);
    }, 120_000);
    afterAll(async () => {
      visitor?.leave();
      await site?.close();
      await stack?.stop();
      await gemini?.close();
    });

    const write = (body: object): Promise<Answer<SnippetView>> => editor.call('POST', `${workspace}/snippets`, body);
    const change = (id: string, body: object): Promise<Answer<SnippetView>> =>
      editor.call('PUT', `${workspace}/snippets/${id}`, body);
    const remove = (id: string): Promise<Answer> => editor.call('DELETE', `${workspace}/snippets/${id}`);
    const indexed = ({ id }: SnippetView): Promise<void> =>
      until(
        async () => (await editor.call<SnippetView>('GET', `${workspace}/snippets/${id}`)).body.status === 'indexed',
        30,
        `snippet ${id} to be indexed`,
      );

    describe('that are given word for word', () => {
      let hours: SnippetView;

      beforeAll(async () => {
        const made = await write({
          question: HOURS,
          alternatives: ['Wann haben Sie geöffnet?', '何時に開きますか？', 'متى تفتحون؟'],
          answer: HOURS_ANSWER,
          isCanned: true,
        });
        expect(made.status).toBe(201);
        hours = made.body;
      });

      it.each([
        HOURS,
        '  when ARE you   open',
        'When are you open?!',
        'wann haben sie geöffnet',
        '何時に開きますか',
        'متى تفتحون',
      ])('to "%s", and no model hears of it', async (question) => {
        const before = gemini.requestCount;
        const end = await visitor.ask(question);
        expect(end).toMatchObject({ outcome: 'answered', text: HOURS_ANSWER });
        expect(end.citations).toEqual([
          expect.objectContaining({ documentId: hours.id, documentTitle: HOURS, version: 1, quote: HOURS }),
        ]);
        expect(gemini.requestCount).toBe(before);
      });

      it('over plain HTTP too, while the model is down', async () => {
        gemini.play(fails(500));
        const before = gemini.requestCount;
        const { status, body } = await call<string>(stack.url, 'POST', '/v1/embed/messages', {
          body: { clientMessageId: randomUUID(), text: 'when are you open' },
          token: (await Visitor.openSession(stack.url, embedKey, site.url)).visitorToken,
          headers: { origin: site.url },
        });
        expect(status).toBe(200);
        const [, data = '{}'] = /event: answer-end\n(?:id: .*\n)?data: (.*)\n/.exec(body) ?? [];
        const end = JSON.parse(data) as ServerEvents['answer-end']; // what the route documents
        expect(end).toMatchObject({ outcome: 'answered', text: HOURS_ANSWER });
        expect(gemini.requestCount).toBe(before);
        gemini.play(quotesThePassages());
      });

      it('in the widget, as Markdown, with the question as the source', async () => {
        const shop = await site.visit({ url: stack.url, embedKey });
        await shop.open(TITLE);
        await shop.ask('WHEN are you open');
        await shop.lastAnswer.locator('.sources').waitFor();
        expect(await shop.lastAnswer.locator('strong').textContent()).toBe('Nine to five');
        expect(await shop.lastAnswer.locator('.bubble a').getAttribute('href')).toBe('https://www.example.com/hours');
        expect(await shop.lastAnswer.locator('.source .name').textContent()).toContain(HOURS);
        expect(shop.complaints).toEqual([]);
        await site.clear();
      });

      it('but not to what is only nearly the question', async () => {
        const end = await visitor.ask('When are you open on holidays?');
        expect(end.text).not.toBe(HOURS_ANSWER);
      });

      it('and a second answer to the same wording is refused by the name of the first', async () => {
        const second = await write({ question: 'WANN haben Sie geöffnet', answer: 'Nie.', isCanned: true });
        expect([second.status, second.body]).toEqual([
          409,
          expect.objectContaining({ code: 'snippet.wording-taken', existingId: hours.id, detail: HOURS }),
        ]);
      });

      it('and what they change or delete counts with the next question, on every node', async () => {
        expect((await change(hours.id, { answer: 'Always.' })).body.version).toBe(2);
        expect(await visitor.ask(HOURS)).toMatchObject({ text: 'Always.', citations: [{ version: 2 }] });
        await change(hours.id, { question: 'When do you close?' });
        expect((await visitor.ask(HOURS)).text).not.toBe('Always.');
        expect((await visitor.ask('when do you close')).text).toBe('Always.');
        expect((await remove(hours.id)).status).toBe(204);
        const gone = await visitor.ask('When do you close?');
        expect(gone).toMatchObject({ outcome: 'refused', citations: [] });
      });
    });

    it('that are found by their meaning, given by the model and cited by their question', async () => {
      const answer = 'Refunds reach the card you paid with within five working days of the return.';
      const made = await write({ question: REFUNDS, alternatives: ['Where is my reimbursement?'], answer });
      await indexed(made.body);
      const before = gemini.requestCount;
      const end = await visitor.ask('When will I get my money back on my card?');
      expect(end).toMatchObject({ outcome: 'answered', text: expect.stringContaining('five working days') });
      expect(end.citations).toEqual([
        expect.objectContaining({ documentId: made.body.id, documentTitle: REFUNDS, quote: answer }),
      ]);
      expect(gemini.requestCount).toBe(before + 1);
      const byAlternative = await visitor.ask('Where is the reimbursement?');
      expect(byAlternative).toMatchObject({ outcome: 'answered', citations: [{ documentId: made.body.id }] });
      await change(made.body.id, { answer: 'Refunds reach the card you paid with within nine working days.' });
      expect((await visitor.ask('When will I get my money back on my card?')).text).toContain('nine working days');
      await remove(made.body.id);
      const gone = await visitor.ask('When will I get my money back on my card?');
      expect(gone).toMatchObject({ outcome: 'refused', citations: [] });
    });

    it('and another company’s visitors get nothing of it', async () => {
      const made = await write({ question: HOURS, answer: HOURS_ANSWER, isCanned: true });
      await indexed(made.body);
      const theirs = await Admin.register(stack.url, 'Rival');
      const rival = await theirs.createEmbed([site.url]);
      const stranger = await Visitor.arrive(stack.url, rival.embedKey, site.url);
      expect(await stranger.ask(HOURS)).toMatchObject({ outcome: 'refused', citations: [] });
      stranger.leave();
      expect((await visitor.ask(HOURS)).text).toBe(HOURS_ANSWER);
      expect((await theirs.inWorkspace('GET', `/snippets/${made.body.id}`)).status).toBe(404);
    });
  });
});
