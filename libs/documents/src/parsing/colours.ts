/** Six hexadecimal digits, as OOXML and OpenDocument write them; undefined where the file leaves it to others. */
export type Colour = string | undefined;

export const WHITE = 'ffffff';
/** Of 255, in each of red, green and blue: from here on a person sees letters (white on f0f0f0 is not seen). */
const MIN_DIFFERENCE = 16;
const HEX = /^#?([\da-f]{6})$/i;

/** @returns undefined for `auto`, `transparent` and whatever else is no colour */
export const colourOf = (value: string | undefined): Colour => HEX.exec(value ?? '')?.[1]?.toLowerCase();

/** Whether letters have the colour of what lies behind them. Not knowing either is no reason to hide text. */
export function isUnseen(letters: Colour, background: Colour): boolean {
  const [one, other] = [channelsOf(letters), channelsOf(background)];
  return one !== undefined && other !== undefined && one.every((value, i) => isNear(value, other[i]));
}

const isNear = (one: number, other: number | undefined): boolean => Math.abs(one - (other ?? 0)) < MIN_DIFFERENCE;

function channelsOf(value: Colour): number[] | undefined {
  const colour = colourOf(value);
  return colour === undefined ? undefined : [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
