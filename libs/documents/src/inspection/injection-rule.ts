/** One way of speaking to a model instead of a reader. */
export interface InjectionRule {
  /** A stable name in kebab-case, shared by the languages of one idea. */
  readonly name: string;
  /** ISO 639-1; `*` where it does not depend on the language. */
  readonly languages: readonly string[];
  /** Over folded text (`foldText`). Linear: every repetition in it is bounded. */
  readonly pattern: RegExp;
}
