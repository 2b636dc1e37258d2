import { deflateSync } from 'node:zlib';
import { PARSERS } from '../parsing/parser-list';
import { eicar } from '../testing/eicar';
import { paragraph, writeDocx } from '../testing/write-docx';
import { writeZip } from '../testing/write-zip';
import { identifyFile } from './file-identifier';

const identify = async (fileName: string, content: string | Buffer, mediaType = ''): Promise<string> =>
  (await identifyFile(PARSERS, { fileName, mediaType, bytes: Buffer.from(content) })).format.name;
const refusal = (code: string) => expect.objectContaining({ code });
const pdf = (body = ''): string =>
  `%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R ${body}>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n`;

describe('identifyFile', () => {
  it.each([
    ['guide.md', '# Refunds', 'text/markdown', 'markdown'],
    ['guide.MDX', '# Refunds', '', 'markdown'],
    ['guide.txt', 'BMW drivers pay less', 'text/plain; charset=utf-8', 'text'],
    ['guide.txt', 'MZ is short for Mainz', '', 'text'],
    ['guide.html', '<?xml version="1.0"?><html><body>Refunds</body></html>', 'text/html', 'html'],
    ['guide.htm', '<p>Refunds', 'application/octet-stream', 'html'],
    ['guide.pdf', pdf(), 'application/pdf', 'pdf'],
    ['guide.txt', Buffer.from('\ufeffRefunds', 'utf16le'), 'text/plain', 'text'],
  ])('knows %s', async (fileName, content, mediaType, format) => {
    expect(await identify(fileName, content, mediaType)).toBe(format);
  });

  it('knows a Word document', async () => {
    expect(await identify('guide.docx', writeDocx(paragraph('Refunds')))).toBe('docx');
  });

  it.each(
    'exe dll com bat cmd ps1 sh js mjs vbs jar apk app msi scr pif reg lnk iso svg php py pl rb so deb docm xlsm zip'.split(
      ' ',
    ),
  )('refuses .%s by not knowing it', async (extension) => {
    await expect(identify(`guide.${extension}`, 'anything')).rejects.toThrow(refusal('document.type-unsupported'));
  });

  it('refuses an empty file', async () => {
    await expect(identify('guide.txt', '')).rejects.toThrow(refusal('document.empty'));
  });

  it.each([
    ['a declared type of something else', 'guide.txt', 'Refunds', 'application/pdf'],
    ['text called PDF', 'guide.pdf', 'Refunds take five days', ''],
    ['a PDF called text', 'guide.txt', pdf(), ''],
    ['a PDF with something before it', 'guide.pdf', `junk\n${pdf()}`, ''],
    [
      'a PDF with an archive behind it',
      'guide.pdf',
      Buffer.concat([Buffer.from(pdf()), writeZip([{ name: 'a', content: 'b' }])]),
      '',
    ],
    ['RTF called text', 'guide.txt', '{\\rtf1 Refunds}', ''],
    ['a script', 'guide.txt', '#!/bin/sh\nrm -rf /', ''],
    ['PHP', 'guide.md', '<?php system($_GET["c"]);', ''],
    ['an ELF program', 'guide.txt', Buffer.from('7f454c4602010100', 'hex'), ''],
    ['a picture called text', 'guide.txt', 'GIF89a<script>alert(1)</script>', ''],
    ['an archive called Word', 'guide.docx', writeZip([{ name: 'a.txt', content: 'b' }]), ''],
    ['text called Word', 'guide.docx', 'Refunds', ''],
  ])('refuses %s', async (_name, fileName, content, mediaType) => {
    await expect(identify(fileName, content, mediaType)).rejects.toThrow(refusal('document.type-mismatch'));
  });

  it.each([
    ['a script', '/OpenAction<</S/JavaScript/JS(app.alert(1))>>'],
    ['a script with a disguised name', '/OpenAction<</S/#4aava#53cript/JS(app.alert(1))>>'],
    ['a program to start', '/OpenAction<</S/Launch/F(cmd.exe)>>'],
    ['an attached file', '/Names<</EmbeddedFiles<</Names[(a)<</EF<</F 9 0 R>>>>]>>>> /X<</Type/EmbeddedFile>>'],
    ['an address it calls when opened', '/OpenAction<</S/URI/URI(http://127.0.0.1/)>>'],
  ])('refuses a PDF with %s', async (_name, body) => {
    await expect(identify('guide.pdf', pdf(body))).rejects.toThrow(refusal('document.active-content'));
  });

  it('lets a PDF open at a page', async () => {
    expect(await identify('guide.pdf', pdf('/OpenAction[3 0 R/Fit]'))).toBe('pdf');
  });

  it('looks into compressed objects, and no further than they may reach', async () => {
    const withObjects = (content: Buffer): Buffer => {
      const packed = deflateSync(content);
      const head = `%PDF-1.7\n4 0 obj\n<</Type/ObjStm/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`;
      return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream\nendobj\n%%EOF')]);
    };
    const script = withObjects(Buffer.from('5 0 <</S/JavaScript/JS(app.alert(1))>>'));
    await expect(identify('guide.pdf', script)).rejects.toThrow(refusal('document.active-content'));
    const bomb = withObjects(Buffer.alloc(9 * 1024 * 1024));
    await expect(identify('guide.pdf', bomb)).rejects.toThrow(refusal('document.archive-unsafe'));
  });

  it('is not kept busy by a PDF made of openings', async () => {
    const openings = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(1e6, '/AA 1 0 R '), Buffer.from('%%EOF')]);
    await expect(identify('guide.pdf', openings)).rejects.toThrow(refusal('document.too-complex'));
  });

  it('says that a PDF is encrypted, or cut off', async () => {
    await expect(identify('guide.pdf', pdf('/Encrypt 5 0 R'))).rejects.toThrow(refusal('document.encrypted'));
    await expect(identify('guide.pdf', pdf().slice(0, 80))).rejects.toThrow(refusal('document.corrupt'));
  });

  it.each([
    ['macros', { name: 'word/vbaProject.bin', content: 'x' }, 'document.active-content'],
    [
      'an embedded program',
      { name: 'word/media/a.bin', content: Buffer.from('7f454c46', 'hex') },
      'document.active-content',
    ],
    ['a packaged file', { name: 'word/embeddings/oleObject1.bin', content: 'anything' }, 'document.active-content'],
    [
      'a template from elsewhere',
      {
        name: 'word/_rels/settings.xml.rels',
        content:
          '<Relationship Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>',
      },
      'document.active-content',
    ],
    [
      'XML entities',
      { name: 'word/footnotes.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' },
      'document.archive-unsafe',
    ],
    [
      'XML entities in UTF-16',
      { name: 'word/footnotes.xml', content: Buffer.from('\ufeff<!DOCTYPE a><a/>', 'utf16le') },
      'document.archive-unsafe',
    ],
  ])('refuses a Word document with %s', async (_name, part, code) => {
    await expect(identify('guide.docx', writeDocx(paragraph('Refunds'), [part]))).rejects.toThrow(refusal(code));
  });

  it('allows links and a template on the own disk', async () => {
    const content =
      '<Relationship Type="http://x/hyperlink" Target="https://a.example" TargetMode="External"/>' +
      '<Relationship Type="http://x/attachedTemplate" Target="file:///C:/Normal.dotm" TargetMode="External"/>';
    const document = writeDocx(paragraph('Refunds'), [{ name: 'word/_rels/document.xml.rels', content }]);
    expect(await identify('guide.docx', document)).toBe('docx');
  });

  it('leaves the test virus to the scanner', async () => {
    expect(await identify('guide.txt', eicar())).toBe('text');
  });
});
