/**
 * A limited number of places under a name, counted by all nodes together. A place is held by an id until it is given
 * back or its lease ends, so what a dead node held becomes free by itself. All leases of a name are equally long.
 *
 * Every method rejects within about a second when the store is not reachable; it never hangs.
 */
export abstract class Slots {
  /** Takes a place, unless `limit` others hold one. Atomic: of many at once, exactly as many get one as there are. */
  abstract take(name: string, holder: string, lease: { limit: number; seconds: number }): Promise<boolean>;
  /** Prolongs what is held. A place that was lost meanwhile is taken again, whatever the limit: its holder is still there. */
  abstract extend(held: readonly HeldSlot[], seconds: number): Promise<void>;
  abstract give(held: readonly HeldSlot[]): Promise<void>;
}

export interface HeldSlot {
  readonly name: string;
  readonly holder: string;
}
