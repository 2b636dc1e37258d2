import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Admin, type DocumentView } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { describeEmbeddedStack, type Stack } from './support/stack';
import { lateness, MAX_LATENESS_MS, Watch } from './support/watch';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const TEN_MIB = 10 * 1024 * 1024;

/** The test virus, put together here so that no scanner stops on this file (eicar.org). */
const eicar = (): Buffer =>
  Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS', '-TEST-FILE!$H+H*'].join(''));
const elf = (): Buffer => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(512)]);
const windowsProgram = (): Buffer => Buffer.concat([Buffer.from('MZ\x90\x00', 'latin1'), Buffer.alloc(512)]);

describeWithCorpus('Somebody uploads a bad file', () => {
  describeEmbeddedStack('over REST', (start) => {
    let stack: Stack;
    let admin: Admin;
    let watch: Watch;

    beforeAll(async () => {
      stack = await start();
      admin = await Admin.register(stack.url);
      watch = await Watch.start(`${stack.url}/healthz`, {});
    }, 120_000);

    afterAll(async () => {
      await watch?.stop();
      await stack?.stop();
    });

    const CASES: [string, string, string, () => Buffer, string[]][] = [
      ['the EICAR test virus', 'notes.txt', 'text/plain', eicar, ['document.infected']],
      ['a Windows program named .pdf', 'invoice.pdf', 'application/pdf', windowsProgram, ['document.type-mismatch']],
      ['a Linux program named .txt', 'readme.txt', 'text/plain', elf, ['document.type-mismatch']],
      [
        'a program by its own name',
        'setup.exe',
        'application/octet-stream',
        windowsProgram,
        ['document.type-unsupported'],
      ],
      [
        'an encrypted PDF',
        'secret.pdf',
        'application/pdf',
        () => corpusFile('documents/pdf/pdfminersix__aes-256.pdf'),
        ['document.encrypted'],
      ],
      [
        'a zip bomb',
        'bomb.docx',
        DOCX,
        () => corpusFile('attack/files/office/bomb-ratio.docx'),
        ['document.archive-unsafe'],
      ],
      [
        'one byte more than 10 MB',
        'long.txt',
        'text/plain',
        () => Buffer.alloc(TEN_MIB + 1, 'a b '),
        ['document.too-large'],
      ],
      ['an empty file', 'empty.txt', 'text/plain', () => Buffer.alloc(0), ['document.empty']],
      [
        'a scan without text',
        'scan.pdf',
        'application/pdf',
        () => corpusFile('documents/pdf/unstructured__loremipsum-flat.pdf'),
        ['document.no-text'],
      ],
    ];

    it.each(CASES)('%s is refused or fails with its own code', async (_name, fileName, type, bytes, codes) => {
      const answer = await admin.upload<DocumentView & { code?: string }>(fileName, bytes(), type);
      const code = answer.status === 202 ? (await admin.processed(answer.body.id)).errorCode : answer.body.code;
      expect(codes).toContain(code);
      if (answer.status !== 202) expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('meanwhile the api answers, every time and at once', async () => {
      const watched = await watch.stop();
      expect(watched.failures).toEqual([]);
      expect(watched.milliseconds.length).toBeGreaterThan(0);
      expect(lateness(watched)).toBeLessThan(MAX_LATENESS_MS);
    });

    it('exactly 10 MB is accepted', async () => {
      const answer = await admin.upload('full.txt', Buffer.alloc(TEN_MIB, 'word. '), 'text/plain');
      expect(answer.status).toBe(202);
      await admin.inWorkspace('DELETE', `/documents/${answer.body.id}`);
    });

    it('the same file twice is one document, and the answer names it', async () => {
      const bytes = Buffer.from('# Opening hours\n\nWe are open from nine to five.\n');
      const first = await admin.upload('hours.md', bytes, 'text/markdown');
      const again = await admin.upload<{ code: string; existingId: string }>('other-name.md', bytes, 'text/markdown');
      expect([again.status, again.body.code, again.body.existingId]).toEqual([
        409,
        'document.duplicate',
        first.body.id,
      ]);
    });

    it('nothing of it can be read on disk: the stored files are encrypted', async () => {
      await admin.uploadAndIndex(
        'canary.md',
        Buffer.from('# Canary\n\nThe canary word is heliotrope-7731.\n'),
        'text/markdown',
      );
      const files = readdirSync(join(stack.dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((e) =>
        e.isFile(),
      );
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const path = join(file.parentPath, file.name);
        if (existsSync(path)) expect(readFileSync(path).includes('heliotrope-7731')).toBe(false);
      }
    });
  });
});
