import type { Finding } from './finding';

/** What a workspace wants done with documents that have findings. Invisible characters count as hidden text. */
export interface InspectionPolicy {
  /** `flag`: searchable, and marked for people. `quarantine`: not searchable until a person lets it in. */
  readonly injection: 'flag' | 'quarantine';
  readonly hiddenText: 'flag' | 'quarantine';
}

export type InspectionAction = 'none' | InspectionPolicy['injection'];

export const DEFAULT_INSPECTION_POLICY: InspectionPolicy = { injection: 'flag', hiddenText: 'flag' };

/** The strictest action that one of the findings asks for; `none` without findings. */
export function actionFor(
  findings: readonly Pick<Finding, 'kind'>[],
  policy: InspectionPolicy = DEFAULT_INSPECTION_POLICY,
): InspectionAction {
  if (findings.length === 0) return 'none';
  const actions = findings.map(({ kind }) => (kind === 'injection' ? policy.injection : policy.hiddenText));
  return actions.includes('quarantine') ? 'quarantine' : 'flag';
}
