/** The marker each item of nested lists begins with: `- `, or `3. ` where the list counts. */
export class ListNumbers {
  private readonly counts: number[] = [];

  /** @param level 0 outermost */
  next(level: number, isNumbered: boolean, startAt = 1): string {
    this.counts.length = Math.min(this.counts.length, level + 1);
    const number = this.counts[level] === undefined ? startAt : this.counts[level] + 1;
    this.counts[level] = number;
    return isNumbered ? `${number}. ` : '- ';
  }

  /** What follows is another list. */
  restart(): void {
    this.counts.length = 0;
  }
}
