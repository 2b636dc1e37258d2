import { Admin, call, type DocumentView } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://help.example.com';
const QUESTION = 'How many days does a refund take?';

const guide = (days: string): Buffer =>
  Buffer.from(
    `# Refunds\n\nA refund takes ${days} days to arrive.\n\n# Parcels\n\nParcels go back in their own box.\n\n` +
      '# Opening hours\n\nThe shop opens at nine in the morning and closes at six.\n',
  );

describeStack('An editor replaces a document', (start) => {
  let stack: Stack;
  let editor: Admin;
  let visitor: Visitor;
  let id: string;

  beforeAll(async () => {
    stack = await start();
    editor = await Admin.register(stack.url);
    ({ id } = await editor.uploadAndIndex('refunds.md', guide('five')));
    const { embedKey } = await editor.createEmbed([SITE]);
    visitor = await Visitor.arrive(stack.url, embedKey, SITE);
  }, 120_000);
  afterAll(async () => {
    visitor?.leave();
    await stack?.stop();
  });

  /** What a visitor is told now, and the version that is cited for it. */
  const told = async (): Promise<{ text: string; versions: number[] }> => {
    const { text, citations } = await visitor.ask(QUESTION);
    return { text, versions: citations.filter(({ documentId }) => documentId === id).map(({ version }) => version) };
  };

  it('and visitors are told what the newest version says as soon as it is indexed, and never nothing', async () => {
    expect(await told()).toEqual({ text: expect.stringContaining('five days'), versions: [1] });
    const answer = await editor.uploadVersion(id, 'refunds.md', guide('nine'));
    expect([answer.status, answer.body]).toMatchObject([202, { id, version: 2, liveVersion: 1 }]);
    for (let document = answer.body; document.liveVersion === 1; document = await editor.document(id)) {
      expect((await told()).text).toMatch(/(five|nine) days/);
    }
    expect(await told()).toEqual({ text: expect.stringContaining('nine days'), versions: [2] });
  }, 60_000);

  it('and sees what changed, and takes it back at once', async () => {
    const diff = await editor.inWorkspace('GET', `/documents/${id}/diff?from=1&to=2`);
    expect(diff.body).toMatchObject({
      added: 1,
      removed: 1,
      changes: [
        { kind: 'removed', text: expect.stringContaining('A refund takes five days to arrive.') },
        { kind: 'added', text: expect.stringContaining('A refund takes nine days to arrive.') },
      ],
    });
    const back = await editor.inWorkspace<DocumentView>('POST', `/documents/${id}/rollback`);
    expect([back.status, back.body.liveVersion]).toEqual([200, 1]);
    expect(await told()).toEqual({ text: expect.stringContaining('five days'), versions: [1] });
    const none = await editor.inWorkspace('POST', `/documents/${id}/rollback`);
    expect([none.status, none.body]).toMatchObject([409, { code: 'document.nothing-to-roll-back' }]);
    await editor.inWorkspace('POST', `/documents/${id}/publish`, { version: 2 });
    expect((await told()).text).toContain('nine days');
    const list = await editor.inWorkspace<{ items: { version: number; isLive: boolean }[] }>(
      'GET',
      `/documents/${id}/versions`,
    );
    expect(list.body.items).toMatchObject([
      { version: 2, isLive: true },
      { version: 1, isLive: false },
    ]);
    const first = await editor.inWorkspace('GET', `/documents/${id}/content?version=1`);
    expect(first.body).toBe(guide('five').toString());
  });

  it('and the same bytes sent twenty times at once are one document', async () => {
    const bytes = Buffer.from('# Gift cards\n\nGift cards are good for three years.\n');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        editor.upload<DocumentView & { code?: string; existingId?: string }>(`cards-${n}.md`, bytes),
      ),
    );
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 202)) {
      // Eight files are read at a time; who is told to wait sends again.
      expect([409, 429]).toContain(status);
      if (status === 409) expect(body).toMatchObject({ code: 'document.duplicate', existingId: taken[0]?.body.id });
    }
    const { body } = await editor.inWorkspace<{ items: DocumentView[] }>('GET', '/documents');
    expect(body.items).toHaveLength(2);
    const processed = await editor.processed(taken[0]?.body.id ?? '');
    expect(processed).toMatchObject({ status: 'indexed', chunkCount: 1 });
  });

  it('F05 A18 and what is deleted is gone at once, and never was anybody else’s', async () => {
    const gifts = await editor.uploadAndIndex('wrapping.md', Buffer.from('# Wrapping\n\nWrapping paper is violet.\n'));
    const [content, question] = [`/documents/${gifts.id}/content`, 'Which colour is the wrapping paper?'];
    const path = `/v1/workspaces/${editor.workspaceId}${content}`;
    const cites = async (): Promise<boolean> =>
      (await visitor.ask(question)).citations.some(({ documentId }) => documentId === gifts.id);
    const finds = async (): Promise<boolean> => {
      const { body } = await editor.inWorkspace<{ passages: { documentId: string }[] }>('POST', '/search', {
        query: question,
      });
      return body.passages.some(({ documentId }) => documentId === gifts.id);
    };
    const stranger = await Admin.register(stack.url);
    expect([await cites(), await finds()]).toEqual([true, true]);
    expect((await stranger.call('GET', path)).status).toBe(404);
    expect((await stranger.inWorkspace('GET', content)).status).toBe(404);
    const asVisitor = await call(stack.url, 'GET', path, { token: visitor.session.visitorToken });
    expect(asVisitor.status).toBe(401);
    expect((await editor.inWorkspace('GET', content)).status).toBe(200);
    expect((await editor.inWorkspace('DELETE', `/documents/${gifts.id}`)).status).toBe(204);
    expect([await finds(), await cites()]).toEqual([false, false]);
    expect((await editor.inWorkspace('GET', content)).status).toBe(404);
  });
});
