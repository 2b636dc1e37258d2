/** So many connections at one node are worth a look: a good day, or an attack. */
const CROWD = 1_000;
/** A crowd that comes and goes around the number is told once: it is over when a fifth has gone. */
const OVER_BELOW = CROWD * 0.8;

/** Counts what is open here and says so once when it has become many. */
export class CrowdAlarm {
  private open = 0;
  private isCrowded = false;

  constructor(private readonly tell: (open: number) => void) {}

  opened(): void {
    this.open += 1;
    if (this.open < CROWD || this.isCrowded) return;
    this.isCrowded = true;
    this.tell(this.open);
  }

  closed(): void {
    this.open -= 1;
    if (this.open < OVER_BELOW) this.isCrowded = false;
  }
}
