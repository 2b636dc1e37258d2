import { isUnseen } from './colours';

/** A length that is read as pixels or points; what is relative to other text cannot be judged. */
const LENGTH = /^(-?[\d.]{1,12})(?:px|pt)?$/;
const UNREADABLE_POINTS = 2;
/** Where pages put what only a screen reader, or a machine, should find. */
const FAR_OUTSIDE = -900;
const NAMED: Readonly<Record<string, string>> = { white: 'ffffff', black: '000000', transparent: 'transparent' };
const SHORT_HEX = /^#([\da-f])([\da-f])([\da-f])$/;
const RGB = /^rgba?\((\d{1,3})[, ]+(\d{1,3})[, ]+(\d{1,3})(?:[,/ ]+([\d.]{1,8})%?)?\)$/;

/**
 * Whether a `style` attribute alone hides the element: not shown, transparent, tiny, far outside the page, or letters
 * of the colour it puts behind them. What style sheets do is not known, so white letters alone may stand on anything.
 */
export function isInvisibleStyle(style: string): boolean {
  const declared = declarations(style);
  const length = (name: string): number | undefined => lengthOf(declared.get(name));
  return (
    declared.get('display') === 'none' ||
    declared.get('visibility') === 'hidden' ||
    Number.parseFloat(declared.get('opacity') ?? '1') === 0 ||
    Number.parseFloat(declared.get('font-size') ?? '12') === 0 ||
    (length('font-size') ?? 12) <= UNREADABLE_POINTS ||
    ['left', 'top', 'text-indent', 'margin-left'].some((name) => (length(name) ?? 0) < FAR_OUTSIDE) ||
    isUnseenColour(declared)
  );
}

function isUnseenColour(declared: ReadonlyMap<string, string>): boolean {
  const letters = hexOf(declared.get('color'));
  if (letters === 'transparent') return declared.get('background-clip') !== 'text'; // a gradient seen through letters
  return isUnseen(letters, hexOf(declared.get('background-color') ?? declared.get('background')));
}

/** Later declarations win, as in CSS. */
function declarations(style: string): ReadonlyMap<string, string> {
  const pairs = style.split(';').map((declaration): [string, string] => {
    const colon = declaration.indexOf(':');
    const value = declaration.slice(colon + 1).replace(/!important\s*$/i, '');
    return [declaration.slice(0, Math.max(0, colon)).trim().toLowerCase(), value.trim().toLowerCase()];
  });
  return new Map(pairs);
}

function lengthOf(value: string | undefined): number | undefined {
  const digits = LENGTH.exec(value ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function hexOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const [, red, green, blue] = SHORT_HEX.exec(value) ?? [];
  if (red && green && blue) return red + red + green + green + blue + blue;
  const [, ...channels] = RGB.exec(value) ?? [];
  if (channels.length === 0) return Object.hasOwn(NAMED, value) ? NAMED[value] : value;
  if (channels[3] !== undefined && Number(channels[3]) === 0) return 'transparent';
  const numbers = channels.slice(0, 3).map((channel) => Math.min(Number(channel), 255));
  return numbers.map((number) => number.toString(16).padStart(2, '0')).join('');
}
