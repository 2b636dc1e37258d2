/** Rows of the common Latin keyboards; a walk along one is as guessable as the alphabet. */
const KEYBOARD_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm'];

const isNeighbour = (a: string, b: string, step: 1 | -1): boolean => {
  if ((b.codePointAt(0) ?? 0) - (a.codePointAt(0) ?? 0) === step) return true;
  return KEYBOARD_ROWS.some((row) => {
    const index = row.indexOf(a);
    return index >= 0 && row[index + step] === b;
  });
};

/** Length of the run of equal or neighbouring characters that starts at `start`; at least 1. */
function runLength(characters: readonly string[], start: number): number {
  const steps: ((a: string, b: string) => boolean)[] = [
    (a, b) => a === b,
    (a, b) => isNeighbour(a, b, 1),
    (a, b) => isNeighbour(a, b, -1),
  ];
  const lengths = steps.map((isNext) => {
    let end = start + 1;
    while (end < characters.length && isNext(characters[end - 1] ?? '', characters[end] ?? '')) end += 1;
    return end - start;
  });
  return Math.max(...lengths);
}

/** The shortest unit the text is a repetition of, the last one perhaps cut off; the text itself when there is none. */
function repeatedUnit(characters: readonly string[]): readonly string[] {
  for (let length = 1; length <= characters.length / 2; length += 1) {
    if (characters.every((character, index) => character === characters[index % length])) {
      return characters.slice(0, length);
    }
  }
  return characters;
}

/**
 * How many characters a guesser really has to find: a repetition counts once (`tr0ub4tr0ub4` is 6), and a run of three
 * or more equal, alphabetical, numerical or keyboard neighbours counts as two (its start and its end). Case is ignored.
 */
export function effectiveLength(password: string): number {
  const unit = repeatedUnit([...password.toLowerCase()]);
  let effective = 0;
  for (let index = 0; index < unit.length;) {
    const run = runLength(unit, index);
    effective += Math.min(run, 2);
    index += run;
  }
  return effective;
}
