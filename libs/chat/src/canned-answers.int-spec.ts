import { wordingHash } from '@app/ai';
import { describeDatabase } from '@app/database/testing';
import type { TestEmbed } from '@app/embeds/testing';
import { newId } from '@app/kernel';
import { ChatApp } from './testing/chat-app';

const ANSWER = '**Until six.** See [the plan](https://shop.example.com/plan) [2].\n\n- Sundays: never\n';

describeDatabase('A canned answer', (create) => {
  let chat: ChatApp;

  beforeAll(async () => {
    chat = await ChatApp.start(create);
  });
  afterAll(() => chat.close());
  beforeEach(() => {
    chat.script = () => {
      throw new Error('the model was asked');
    };
  });

  /** As the documents lib leaves it. */
  const addCanned = async ({ workspaceId }: TestEmbed, question: string): Promise<string> => {
    const id = newId();
    const { database } = chat.backbone;
    await database.inspect(`insert into documents (workspace_id, id, title, kind) values ($1, $2, $3, 'snippet')`, [
      workspaceId,
      id,
      question,
    ]);
    await database.inspect(
      'insert into snippets (workspace_id, id, version, question, answer, is_canned) values ($1, $2, 3, $3, $4, true)',
      [workspaceId, id, question, ANSWER],
    );
    await database.inspect('insert into canned_wordings (workspace_id, snippet_id, wording_hash) values ($1, $2, $3)', [
      workspaceId,
      id,
      wordingHash(question),
    ]);
    return id;
  };

  it('is given word for word with its citation: nothing is searched, no model is asked, and it says so', async () => {
    const embed = await chat.addEmbed();
    const id = await addCanned(embed, 'When do you close?');
    const visitor = await chat.visit(embed);
    const searches = chat.search.queries.length;
    const end = await visitor.ask('  when do YOU close ?! ');
    expect(end).toMatchObject({ outcome: 'answered', text: ANSWER });
    expect(end.citations).toEqual([
      {
        marker: 1,
        documentId: id,
        documentTitle: 'When do you close?',
        version: 3,
        headingPath: ['When do you close?'],
        quote: 'When do you close?',
      },
    ]);
    expect(chat.search.queries).toHaveLength(searches);
    const deltas = visitor.of('answer-delta').filter(({ answerId }) => answerId === end.answerId);
    expect(deltas.map(({ text }) => text).join('')).toBe(ANSWER);
    const [row] = await chat.backbone.database.inspect<{ provenance: object }>(
      'select provenance from messages where id = $1',
      [end.answerId],
    );
    expect(row?.provenance).toEqual({
      canned: { snippetId: id, version: 3 },
      timings: { totalMs: expect.any(Number), firstTextMs: expect.any(Number) },
    });
    const spent = await chat.backbone.database.inspect('select 1 from usage_counters where workspace_id = $1', [
      embed.workspaceId,
    ]);
    expect(spent).toEqual([]);
    visitor.leave();
  });

  it('is not given to what is nearly the question, nor to another company’s visitors', async () => {
    const embed = await chat.addEmbed();
    await addCanned(embed, 'When do you close?');
    chat.script = () => [{ type: 'end', reason: 'complete', model: 'fake' }];
    const theirs = await chat.addEmbed();
    const visits = await Promise.all([chat.visit(embed), chat.visit(theirs)]);
    const ends = [await visits[0].ask('When do you close today?'), await visits[1].ask('When do you close?')];
    for (const end of ends) expect(end).toMatchObject({ outcome: 'refused', citations: [] });
    for (const visitor of visits) visitor.leave();
  });

  it('is part of the conversation like any other', async () => {
    const embed = await chat.addEmbed();
    await addCanned(embed, 'When do you close?');
    const visitor = await chat.visit(embed);
    await visitor.ask('When do you close?');
    const histories: unknown[] = [];
    chat.script = ({ history }) => {
      histories.push(history);
      return [{ type: 'end', reason: 'complete', model: 'fake' }];
    };
    await visitor.ask('And on holidays?');
    expect(histories).toEqual([
      [
        { author: 'visitor', text: 'When do you close?' },
        { author: 'assistant', text: expect.stringContaining('**Until six.**') },
      ],
    ]);
    visitor.leave();
  });
});
