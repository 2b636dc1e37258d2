/** Something in a file that a person should look at. */
export interface InspectionFinding {
  readonly kind: 'malware' | 'injection' | 'hidden-text' | 'invisible-characters';
  /** The signature or rule that found it. */
  readonly rule: string;
  /** The headings above it, outermost first. */
  readonly headingPath?: readonly string[];
  /** From 1. */
  readonly page?: number;
  /** Cleaned and short. */
  readonly excerpt?: string;
}
