export { configForTests } from './config-for-tests';
export { forgeJwt } from './forge-jwt';
export { type Attack, type AttackTarget, jwtAttacks } from './jwt-attacks';
export { PlatformForTests } from './platform-for-tests';
