export { addTestEmbed, changeTestEmbed, openTestSession, type TestEmbed } from './test-embed';
export { ownerEverywhere } from './owner-everywhere';
export { payloadOf, solveChallenge } from './solve-challenge';
