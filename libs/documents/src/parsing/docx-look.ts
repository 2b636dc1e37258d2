import { colourOf, WHITE } from './colours';

/** What lies behind letters: a colour, `unknown` (a picture, a theme, a pattern), or undefined for what lies behind that. */
export type Backdrop = string | undefined;

/** Properties that decide whether a run can be read; undefined where nothing is said. */
export interface DocxLook {
  isHidden?: boolean;
  halfPoints?: number;
  /** Six hexadecimal digits, or `auto`: black or white, whichever can be read. */
  colour?: string;
  backdrop?: Backdrop;
}

type Attributes = Readonly<Record<string, string>>;
const OFF = /^(?:0|false|off)$/i;
/** The theme's background, white but in rare themes, where the run also says its colour. */
const BACKGROUND_THEME = /^(?:background1|light1)$/;

/** Adds one property of a run, a paragraph or a style (ECMA-376 part 1, 17.3.2). */
export function addProperty(look: DocxLook, name: string, attributes: Attributes): void {
  const value = attributes['w:val'];
  if (name === 'w:vanish' || name === 'w:webHidden') look.isHidden = !OFF.test(value ?? '');
  else if (name === 'w:sz' && value !== undefined) look.halfPoints = Number(value);
  else if (name === 'w:color') look.colour = letterColour(attributes);
  else if (name === 'w:shd') look.backdrop = shadingOf(attributes) ?? look.backdrop;
  else if (name === 'w:highlight' && value !== 'none') look.backdrop = value === 'white' ? WHITE : 'unknown';
}

function letterColour(attributes: Attributes): string {
  const own = colourOf(attributes['w:val']);
  if (own !== undefined) return own;
  return BACKGROUND_THEME.test(attributes['w:themeColor'] ?? '') ? WHITE : 'auto';
}

/** Of `w:shd`: `clear` shows the filling, `solid` the pattern's colour, others a mixture (17.18.78). */
export function shadingOf(attributes: Attributes): Backdrop {
  const { 'w:val': pattern = 'clear', 'w:fill': fill, 'w:color': colour, 'w:themeFill': theme } = attributes;
  if (pattern === 'nil') return undefined;
  if (pattern !== 'clear') return pattern === 'solid' ? (colourOf(colour) ?? 'unknown') : 'unknown';
  return colourOf(fill) ?? (theme === undefined ? undefined : 'unknown');
}
