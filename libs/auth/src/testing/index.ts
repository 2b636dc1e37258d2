export { configForTests } from './config-for-tests';
export { forgeJwt } from './forge-jwt';
export { PlatformForTests } from './platform-for-tests';
