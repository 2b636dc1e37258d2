import { dublinCoreTitle } from '../../formats/core-properties';
import type { DocumentFormat } from '../../formats/document-format';
import type { DocumentPackage } from '../../formats/document-package';
import { readOoxml } from '../../formats/ooxml-package';
import { mainPartOf, type PackageRelation, relationIdOf, relationsOf } from '../../formats/package-relations';
import { readXml } from '../../formats/read-xml';
import { DocumentParser } from '../document-parser';
import { GridWriter } from '../grid-writer';
import { ListNumbers } from '../list-numbers';
import { writeChart } from '../ooxml-chart';
import type { ParsedDocument } from '../parsed-document';
import { MAX_PARTS, PartReading, type PartState } from '../part-reading';
import { PptxSlide, type SlideShape, type SlideSize } from '../pptx-slide';
import { SectionBuilder } from '../section-builder';

/** A slide of 4:3, when the presentation does not say (ECMA-376 part 1, 19.2.1.39). */
const DEFAULT_SIZE: SlideSize = { width: 9_144_000, height: 6_858_000 };

/** Slides as sections under their titles. Speaker notes and comments are for other readers and left out. */
export class PptxParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'pptx',
    extensions: ['pptx'],
    mediaTypes: ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'application/zip'],
    isText: false,
    magic: ['pptx', 'zip', 'cfb'],
  };

  async inspect(bytes: Buffer): Promise<void> {
    await readOoxml(bytes, 'ppt');
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const parts = await readOoxml(bytes, 'ppt');
    const { slides, size } = await readPresentation(parts);
    const sections = new SectionBuilder();
    const reading = new PartReading('slide');
    for (const [i, slide] of slides.entries()) {
      sections.leaveHeadings();
      sections.startPage(i + 1);
      await reading.write(i + 1, sections, () => new SlideWriter(parts, sections).write(slide, size));
    }
    const notices = reading.notices();
    return {
      title: await dublinCoreTitle(parts, 'docProps/core.xml'),
      pageCount: slides.length,
      ...(notices && { notices }),
      sections: sections.build(),
    };
  }
}

/** @returns names of the slides' parts in the order they are shown, also of those that are missing */
async function readPresentation(parts: DocumentPackage): Promise<{ slides: string[]; size: SlideSize }> {
  const main = await mainPartOf(parts, 'ppt/presentation.xml');
  const relations = await relationsOf(parts, main);
  const slides = new Set<string>();
  let size = DEFAULT_SIZE;
  await readXml(parts.xml(main) ?? '', {
    open: (name, attributes) => {
      if (name === 'sldSz') size = { width: Number(attributes['cx']), height: Number(attributes['cy']) };
      const id = name === 'sldId' ? relationIdOf(attributes) : undefined; // sections list slides without one
      // Once each: a list that names one slide a million times would cost as much.
      if (id !== undefined && slides.size < MAX_PARTS) slides.add(relations.get(id)?.target ?? id);
    },
  });
  return { slides: [...slides], size };
}

class SlideWriter {
  constructor(
    private readonly parts: DocumentPackage,
    private readonly sections: SectionBuilder,
  ) {}

  async write(part: string, size: SlideSize): Promise<PartState> {
    const slide = new PptxSlide(size);
    const isWhole = await readXml(this.parts.xml(part) ?? '', slide);
    const shapes = slide.shapes.filter(({ isRunning }) => !isRunning);
    const isHidden = (shape: SlideShape): boolean => slide.isHidden || shape.isHidden;
    const title = shapes.find((shape) => shape.kind === 'title' && !isHidden(shape) && shape.paragraphs.length > 0);
    if (title) this.sections.heading(1, title.paragraphs.map(({ text }) => text).join(' '));
    for (const shape of shapes) {
      if (isHidden(shape)) this.sections.hidden(wordsOf(shape));
      else if (shape !== title) this.shape(shape);
    }
    this.sections.hidden(slide.hiddenText);
    if (!slide.isHidden) await this.drawings(part, slide);
    return isWhole ? 'whole' : 'cut-off';
  }

  private shape(shape: SlideShape): void {
    const numbers = new ListNumbers();
    const isOutline = shape.kind === 'outline' && shape.paragraphs.length > 1;
    let isInList = false;
    for (const { text, level, bullet, startAt } of shape.paragraphs) {
      const isItem = bullet === 'inherited' ? isOutline : bullet !== 'none';
      const marker = isItem ? numbers.next(level, bullet === 'number', startAt) : '';
      if (!isItem) numbers.restart();
      this.sections.block(marker + text.trim(), isItem && isInList ? '\n' : '\n\n');
      isInList = isItem;
    }
    const grid = new GridWriter((text, separator) => this.sections.block(text, separator));
    for (const [i, row] of shape.rows.entries()) grid.row(row, shape.hasHeaderRow ? i === 0 : undefined);
    grid.end();
  }

  /** What stands in parts of its own: charts, and the words of diagrams (SmartArt). */
  private async drawings(part: string, { charts, diagrams }: PptxSlide): Promise<void> {
    if (charts.length + diagrams.length === 0) return;
    const relations = await relationsOf(this.parts, part);
    for (const xml of this.sourcesOf(charts, relations)) await writeChart(xml, this.sections);
    for (const xml of this.sourcesOf(diagrams, relations)) {
      const diagram = new PptxSlide(DEFAULT_SIZE);
      await readXml(`<sp>${xml.replace(/^<\?xml[^>]*\?>/, '')}</sp>`, diagram);
      diagram.shapes.forEach((shape) => this.shape({ ...shape, kind: 'outline' }));
    }
  }

  private *sourcesOf(ids: readonly string[], relations: Map<string, PackageRelation>): Generator<string> {
    for (const id of new Set(ids)) {
      const xml = this.parts.xml(relations.get(id)?.target ?? '');
      if (xml !== undefined) yield xml;
    }
  }
}

const wordsOf = ({ paragraphs, rows }: SlideShape): string =>
  [...paragraphs.map(({ text }) => text), ...rows.map((row) => row.map(({ text }) => text).join(' '))].join('\n');
