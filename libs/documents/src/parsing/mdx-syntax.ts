const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** ES module lines of MDX. They stand at the beginning of a line, outside of code. */
const MODULE_LINE =
  /^(?:import\s.*\sfrom\s*['"]|import\s*['"]|export\s+(?:const|let|var|default|function|class|\{|\*))/;
const COMMENT_START = '{/*';
const COMMENT_END = '*/}';

/** Markdown without what MDX adds for programs and shows to nobody: module lines and comments, outside of code blocks. */
export function withoutMdxSyntax(source: string): string {
  const lines = source.split('\n');
  const comments = new Comments(lines.findLastIndex((line) => line.includes(COMMENT_END)));
  const kept: string[] = [];
  let fence: string | undefined;
  let isInModule = false;
  for (const [i, line] of lines.entries()) {
    const mark = comments.isOpen ? undefined : FENCE.exec(line)?.[1];
    if (mark) fence = fenceAfter(fence, mark, line);
    if (fence !== undefined) {
      kept.push(line);
      continue;
    }
    // A module statement over several lines ends at the next empty one.
    isInModule = (isInModule && line.trim() !== '') || MODULE_LINE.test(line);
    if (!isInModule) kept.push(comments.cut(line, i));
  }
  return kept.join('\n');
}

/** The mark that opened the code block one is in after this line; a block ends at a line of nothing but such a mark. */
function fenceAfter(fence: string | undefined, mark: string, line: string): string | undefined {
  if (fence === undefined) return mark;
  return mark.startsWith(fence) && line.trim() === mark ? undefined : fence;
}

/** Comments may begin and end in the middle of lines. One that never ends is text. */
class Comments {
  isOpen = false;

  constructor(private readonly lastEnd: number) {}

  cut(line: string, number: number): string {
    let kept = '';
    let position = 0;
    for (;;) {
      if (this.isOpen) {
        const end = line.indexOf(COMMENT_END, position);
        if (end === -1) return kept;
        position = end + COMMENT_END.length;
        this.isOpen = false;
      }
      const start = line.indexOf(COMMENT_START, position);
      const isEnded = start !== -1 && (number < this.lastEnd || line.indexOf(COMMENT_END, start) !== -1);
      if (!isEnded) return kept + line.slice(position);
      kept += line.slice(position, start);
      position = start + COMMENT_START.length;
      this.isOpen = true;
    }
  }
}
