import { isUnseen } from './colours';
import { addProperty, type DocxLook } from './docx-look';
import type { DocxStyles } from './docx-styles';
import { DocxSurfaces } from './docx-surfaces';

/** Half-points (ECMA-376 part 1, 17.3.2.38): up to 2 pt nobody can read. */
const UNREADABLE_HALF_POINTS = 4;

interface Run {
  readonly start: number;
  readonly look: DocxLook;
  text: string;
  style: string | undefined;
  /** A text box in it, which has colours of its own. */
  hasBox: boolean;
}

/**
 * Takes the runs that Word does not show (`w:vanish`, letters of up to two points, or of the colour of what lies behind
 * them) out of WordprocessingML.
 *
 * @returns the XML without them, and their text
 */
export async function cutHiddenRuns(xml: string, styles: DocxStyles): Promise<{ xml: string; hidden: string }> {
  const { Parser } = await import('htmlparser2');
  const reader = new RunReader(styles, new DocxSurfaces(/\bbehindDoc=["']?(?:1|true)/.test(xml)));
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes, parser.startIndex),
      ontext: (text) => reader.text(text),
      onclosetag: (name) => reader.close(name, parser.endIndex + 1),
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return { xml: withoutRanges(xml, reader.cuts), hidden: reader.hidden };
}

class RunReader {
  readonly cuts: { start: number; end: number }[] = [];
  hidden = '';
  private readonly runs: Run[] = [];
  private readonly names: string[] = [];

  constructor(
    private readonly styles: DocxStyles,
    private readonly surfaces: DocxSurfaces,
  ) {}

  open(name: string, attributes: Readonly<Record<string, string>>, start: number): void {
    const parent = this.names.at(-1);
    const run = this.runs.at(-1);
    this.surfaces.open(name, parent, attributes);
    if (name === 'w:r') this.runs.push({ start, look: {}, text: '', style: undefined, hasBox: false });
    else if (name === 'w:txbxContent' && run) run.hasBox = true;
    else if (run && parent === 'w:rPr' && this.names.at(-2) === 'w:r') {
      if (name === 'w:rStyle') run.style = attributes['w:val'];
      else addProperty(run.look, name, attributes);
    }
    this.names.push(name);
  }

  text(text: string): void {
    const run = this.runs.at(-1);
    if (run) run.text += text;
  }

  close(name: string, end: number): void {
    this.names.pop();
    const run = name === 'w:r' ? this.runs.pop() : undefined;
    if (run && this.isHidden(run)) {
      this.cuts.push({ start: run.start, end });
      this.hidden += `${run.text}\n`;
    }
    this.surfaces.close(name);
  }

  private isHidden(run: Run): boolean {
    const paragraph = this.styles.ofParagraph(this.surfaces.paragraphStyle);
    const own = { ...this.styles.ofRun(run.style), ...run.look };
    const look = { ...paragraph, ...own };
    if (look.isHidden) return true;
    if (run.hasBox) return false;
    if ((look.halfPoints ?? Infinity) <= UNREADABLE_HALF_POINTS) return true;
    return run.text.trim() !== '' && isUnseen(look.colour, own.backdrop ?? this.surfaces.backdrop(paragraph));
  }
}

/** Runs nest (a text box inside a run): an outer range that is cut contains the inner ones. */
function withoutRanges(xml: string, cuts: { start: number; end: number }[]): string {
  let kept = '';
  let position = 0;
  for (const { start, end } of cuts.sort((a, b) => a.start - b.start)) {
    if (start < position) continue;
    kept += xml.slice(position, start);
    position = end;
  }
  return kept + xml.slice(position);
}
