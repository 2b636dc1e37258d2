/** Half-points (ECMA-376 part 1, 17.3.2.38): up to 2 pt nobody can read. */
const UNREADABLE_HALF_POINTS = 4;

interface Run {
  readonly start: number;
  text: string;
  isHidden: boolean;
  isInProperties: boolean;
}

/**
 * Takes the runs that Word does not show (`w:vanish`, or letters of up to two points) out of WordprocessingML.
 * @returns the XML without them, and their text
 */
export async function cutHiddenRuns(xml: string): Promise<{ xml: string; hidden: string }> {
  if (!/<w:(?:vanish|sz)\b/.test(xml)) return { xml, hidden: '' };
  const { Parser } = await import('htmlparser2');
  const runs: Run[] = [];
  const cuts: { start: number; end: number }[] = [];
  let hidden = '';
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name === 'w:r') runs.push({ start: parser.startIndex, text: '', isHidden: false, isInProperties: false });
        const run = runs.at(-1);
        if (!run) return;
        if (name === 'w:rPr') run.isInProperties = true;
        if (run.isInProperties) run.isHidden ||= hides(name, attributes['w:val']);
      },
      ontext: (text) => {
        const run = runs.at(-1);
        if (run) run.text += text;
      },
      onclosetag: (name) => {
        const run = runs.at(-1);
        if (name === 'w:rPr' && run) run.isInProperties = false;
        if (name !== 'w:r' || !run) return;
        runs.pop();
        if (!run.isHidden) return;
        cuts.push({ start: run.start, end: parser.endIndex + 1 });
        hidden += `${run.text}\n`;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return { xml: withoutRanges(xml, cuts), hidden };
}

function hides(property: string, value: string | undefined): boolean {
  if (property === 'w:vanish' || property === 'w:webHidden') return !/^(?:0|false|off)$/i.test(value ?? '');
  return property === 'w:sz' && value !== undefined && Number(value) <= UNREADABLE_HALF_POINTS;
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
