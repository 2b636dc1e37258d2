import { writeZip, type ZipFileEntry } from './write-zip';

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const NAMESPACES = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${RELATIONS}"`;
const CONTENT_TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>`;

type Relation = readonly [id: string, type: string, target: string];

export const relationships = (...entries: readonly Relation[]): string =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${entries
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** @param slides PresentationML inside `p:spTree`, with attributes of the slide before a `|`, in order */
export function writePptx(slides: readonly string[], extra: readonly ZipFileEntry[] = []): Buffer {
  const ids = slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="s${i + 1}"/>`).join('');
  return writeZip([
    { name: '[Content_Types].xml', content: CONTENT_TYPES },
    { name: '_rels/.rels', content: relationships(['r1', 'officeDocument', 'ppt/presentation.xml']) },
    {
      name: 'ppt/presentation.xml',
      content: `<p:presentation ${NAMESPACES}><p:sldIdLst>${ids}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>`,
    },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      // Out of order: the list of slides decides, not their names.
      content: relationships(
        ...slides.map((_, i): Relation => [`s${i + 1}`, 'slide', `slides/slide${slides.length - i}.xml`]),
      ),
    },
    ...slides.map((slide, i) => {
      const [attributes, tree] = slide.includes('|') ? slide.split('|', 2) : ['', slide];
      return {
        name: `ppt/slides/slide${slides.length - i}.xml`,
        content: `<p:sld ${NAMESPACES} ${attributes}><p:cSld><p:spTree>${tree}</p:spTree></p:cSld></p:sld>`,
      };
    }),
    ...extra,
  ]);
}

/** @param body DrawingML paragraphs */
export const shape = (body: string, placeholder = '', name = '', position = ''): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" ${name}/><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:spPr>${position}</p:spPr><p:txBody>${body}</p:txBody></p:sp>`;

export const slideText = (text: string, properties = '', run = ''): string =>
  `<a:p>${properties}<a:r><a:rPr ${run}/><a:t>${text}</a:t></a:r></a:p>`;
