import { identifyFile } from '../../formats/file-identifier';
import { describeDocumentParser } from '../../testing/describe-document-parser';
import { writeEpub } from '../../testing/write-epub';
import { EpubParser } from './epub-parser';

const identify = (bytes: Buffer) => identifyFile([new EpubParser()], { fileName: 'a.epub', mediaType: '', bytes });

describeDocumentParser(
  'EpubParser',
  () => new EpubParser(),
  async () => ({
    bytes: writeEpub(['<h1>Refunds</h1><p>Five days.</p>', '<h1>Cards</h1><p>The same card.</p>']),
    texts: ['Refunds', 'Five days.', 'Cards', 'The same card.'],
  }),
);

describe('EpubParser', () => {
  it('reads pages in the order of the spine, each without the headings of the last', async () => {
    const parsed = await new EpubParser().parse(writeEpub(['<h1>One</h1><p>a&nbsp;b<a id="x"/></p>', '<p>c</p>']));
    expect(parsed).toEqual({
      title: 'Guide',
      sections: [
        { headingPath: ['One'], text: 'a b' },
        { headingPath: [], text: 'c' },
      ],
    });
  });

  it('marks hidden text and drops scripts', async () => {
    const parsed = await new EpubParser().parse(
      writeEpub(['<p>Shown</p><p style="display:none">Hidden</p><script>alert(1)</script>']),
    );
    expect(parsed.sections).toEqual([
      { headingPath: [], text: 'Hidden', isHidden: true },
      { headingPath: [], text: 'Shown' },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a book with a lock',
      '<enc:EncryptedData Id="a"><m Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>',
      'encrypted',
    ],
    ['entities', '<!DOCTYPE a [<!ENTITY b "c">]>', 'archive-unsafe'],
  ])('refuses %s', async (_name, content, code) => {
    const bytes = writeEpub(['<p>a</p>'], [{ name: 'META-INF/encryption.xml', content }]);
    await expect(identify(bytes)).rejects.toMatchObject({ code: `document.${code}` });
  });

  it('takes a book whose fonts are made unusable', async () => {
    const content = '<EncryptedData ><m Algorithm="http://www.idpf.org/2008/embedding"/></EncryptedData>';
    const bytes = writeEpub(['<p>a</p>'], [{ name: 'META-INF/encryption.xml', content }]);
    await expect(identify(bytes)).resolves.toBeInstanceOf(EpubParser);
  });
});
