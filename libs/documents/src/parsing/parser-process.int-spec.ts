import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { compiledParserEntry } from '../testing/compiled-parser-entry';
import { HostileEntries } from '../testing/hostile-entries';
import { ParserProcess } from './parser-process';

const limits = { timeoutSeconds: 10, maxRssBytes: 400 * 1024 * 1024 };

describe('ParserProcess', () => {
  let entries: HostileEntries;
  const run = (script: string, options: Partial<typeof limits> = {}, signal?: AbortSignal) =>
    new ParserProcess({ entry: entries.write(script), ...limits, ...options }).parse('text', Buffer.from('x'), signal);
  const tooComplex = { code: 'document.too-complex' };

  beforeAll(() => {
    entries = new HostileEntries();
  });
  afterEach(async () => expect(await entries.runningAfter(2_000)).toEqual([]));
  afterAll(() => entries.dispose());

  it('reads a document', async () => {
    const parser = new ParserProcess({ entry: compiledParserEntry(), ...limits });
    const parsed = await parser.parse('markdown', Buffer.from('# Refunds\n\nFive days.'));
    expect(parsed.sections).toEqual([{ headingPath: ['Refunds'], text: 'Five days.' }]);
  });

  it('passes on why a parser refused', async () => {
    const parser = new ParserProcess({ entry: compiledParserEntry(), ...limits });
    await expect(parser.parse('text', Buffer.from('a\0b'))).rejects.toMatchObject({ code: 'document.type-mismatch' });
    await expect(parser.parse('docx', Buffer.from('PK'))).rejects.toMatchObject({ code: 'document.archive-unsafe' });
  });

  it('ends one that never does', async () => {
    await expect(run('for (;;);', { timeoutSeconds: 1 })).rejects.toMatchObject(tooComplex);
  });

  it('ends one that takes too much memory outside the heap', async () => {
    const eat =
      'const all = Array.from({ length: 15 }, () => Buffer.alloc(20e6, 1)); setTimeout(() => text(all.length), 1000);';
    expect((await run(eat)).sections[0]?.text).toBe('15');
    await expect(run(eat, { maxRssBytes: 200e6 })).rejects.toMatchObject(tooComplex);
  });

  it('ends one that takes too much heap', async () => {
    await expect(run('const all = []; for (;;) all.push({ a: [all.length] });')).rejects.toMatchObject(tooComplex);
  });

  it('ends one that answers too much', async () => {
    await expect(run("for (;;) require('node:fs').writeSync(3, 'x'.repeat(65536));")).rejects.toMatchObject(tooComplex);
  });

  it('does not believe half an answer, a wrong code, or silence', async () => {
    await expect(run("require('node:fs').writeSync(3, '{\"document\":');")).rejects.toMatchObject(tooComplex);
    await expect(run("reply({ code: 'toString' });")).rejects.toMatchObject({ code: 'document.corrupt' });
    await expect(run('process.exit(0);')).rejects.toMatchObject(tooComplex);
  });

  it('believes no more of its notices than what notices are', async () => {
    const { notices } = await run(
      `reply({ document: { sections: [], notices: { total: 2, items: [
        { part: 'page', number: 2, code: 'part.no-text', text: 'secret' }, { part: 'page', number: 3, code: 'secret' }] } } });`,
    );
    expect(notices).toEqual({ total: 2, items: [{ part: 'page', number: 2, code: 'part.no-text' }] });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const parsed = run('setInterval(() => {}, 1000);', {}, stop.signal);
    const reason = new Error('shutting down');
    setTimeout(() => stop.abort(reason), 200);
    await expect(parsed).rejects.toBe(reason);
  });

  it('stops at whatever moment of its start', async () => {
    const reason = new Error('shutting down');
    for (let milliseconds = 0; milliseconds < 40; milliseconds += 2) {
      const stop = new AbortController();
      const parsed = run('setInterval(() => {}, 1000);', {}, stop.signal);
      setTimeout(() => stop.abort(reason), milliseconds);
      await expect(parsed).rejects.toBe(reason);
    }
  });

  it('shows the child nothing of the environment', async () => {
    const { sections } = await run('text(Object.keys(process.env).filter((name) => name !== "PWD").join());');
    expect(sections[0]?.text).toBe('');
  });

  it.each([
    ['read the system', "require('node:fs').readFileSync('/etc/hostname')"],
    ['read the data folder beside the code', `require('node:fs').readdirSync(${JSON.stringify(resolve('.data'))})`],
    ['write', "require('node:fs').writeFileSync('/tmp/customercare-escape', 'x')"],
    ['start a program', "require('node:child_process').execFileSync('true')"],
    ['start a thread', "new (require('node:worker_threads').Worker)('1', { eval: true })"],
  ])('does not let the child %s', async (_name, attempt) => {
    const { sections } = await run(`try { ${attempt}; text('done'); } catch (error) { text(error.code); }`);
    expect(sections[0]?.text).toBe('ERR_ACCESS_DENIED');
  });

  const hasNamespaces = spawnSync('unshare', ['--map-root-user', '--net', 'true']).status === 0;
  (hasNamespaces ? it : it.skip)('gives the child no network (where the system has namespaces)', async () => {
    const attempt = "require('node:net').connect(80, '192.0.2.1').on('error', (error) => text(error.code));";
    const { sections } = await run(attempt);
    expect(sections[0]?.text).toBe('ENETUNREACH');
  });
});
