/** Said once when 80 % of a limit are used; the payload of the protocol's `limit-warning`. */
export interface LimitWarning {
  readonly axis: 'visitor' | 'ip' | 'embed' | 'workspace' | 'budget';
  /** Messages that may still come; of a budget, the whole percent that is left. */
  readonly remaining: number;
  /** ISO 8601: when more becomes free. */
  readonly resetsAt: string;
}
