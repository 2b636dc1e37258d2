/**
 * Puts a piece of a streamed answer behind what is already there. `offset` is where the piece begins, in UTF-16 units.
 * Pieces may repeat what is known (after a reconnect); a piece that begins behind the end shows a gap: null.
 */
export function mergeDelta(text: string, offset: number, piece: string): string | null {
  const known = text.length - offset;
  if (known < 0) return null;
  return known < piece.length ? text + piece.slice(known) : text;
}
