/** Letters of a text that is spaced out, however it is: `i g n o r e`, `i.g.n.o.r.e`, `i-g-n-o-r-e`. */
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ ._*\-·|]{1,3}){7,}\p{L}(?![\p{L}\p{N}])/gu;
/** Two blanks or more, or another sign than the usual one, would end a word; the folded text has single blanks. */
const BETWEEN = /[ ._*\-·|]+/gu;

/** Runs of eight single letters or more, each joined to one word. Empty for ordinary text. */
export const joinSpacedLetters = (folded: string): string =>
  (folded.match(SPACED) ?? []).map((run) => run.replace(BETWEEN, '')).join('\n');
