import { readXml } from '../formats/read-xml';
import { type GridCell, GridWriter } from './grid-writer';
import type { SectionBuilder } from './section-builder';

interface Series {
  name: string;
  readonly categories: Map<number, string>;
  readonly values: Map<number, string>;
}

/** Points of a series: a chart shows some dozens. */
const MAX_POINTS = 10_000;

/** A chart part (DrawingML charts): its title, then a table of what it draws, from the values stored in it. */
export async function writeChart(xml: string, sections: SectionBuilder): Promise<void> {
  const { title, series } = await readChart(xml);
  sections.block(title);
  const grid = new GridWriter((text, separator) => sections.block(text, separator));
  const named = series.map(({ name }, i) => ({ column: i + 1, text: name || `${i + 1}` }));
  if (series.some(({ name }) => name)) grid.row([{ column: 0, text: '' }, ...named], true);
  const points = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  for (const point of points.slice(0, MAX_POINTS)) {
    const category = series.find(({ categories }) => categories.has(point))?.categories.get(point) ?? '';
    const cells = series.map(({ values }, i): GridCell => ({ column: i + 1, text: values.get(point) ?? '' }));
    grid.row([{ column: 0, text: category }, ...cells], false);
  }
  grid.end();
}

async function readChart(xml: string): Promise<{ title: string; series: Series[] }> {
  const series: Series[] = [];
  let title = '';
  let point = 0;
  const open: string[] = [];
  await readXml(xml, {
    open: (name, { idx }) => {
      open.push(name);
      if (name === 'ser') series.push({ name: '', categories: new Map(), values: new Map() });
      if (name === 'pt') point = Number(idx) || 0;
    },
    close: () => void open.pop(),
    text: (data) => {
      const element = open.at(-1);
      const current = open.includes('ser') ? series.at(-1) : undefined;
      if (element === 't' && !current && open.includes('title')) title += data;
      if (element !== 'v' || !current) return;
      if (open.includes('tx')) current.name += data;
      else if (open.includes('cat') || open.includes('xVal')) append(current.categories, point, data);
      else if (open.includes('val') || open.includes('yVal')) append(current.values, point, data);
    },
  });
  return { title, series };
}

const append = (points: Map<number, string>, at: number, data: string): void =>
  void points.set(at, (points.get(at) ?? '') + data);
