/**
 * When a new session costs its visitor's device work. `suspicious`: when more of them come from one address, or to one
 * embed, than usual. `never` also means that an address with many visitors behind it is left alone.
 */
export const CHALLENGE_MODES = ['never', 'suspicious', 'always'] as const;

export type ChallengeMode = (typeof CHALLENGE_MODES)[number];
