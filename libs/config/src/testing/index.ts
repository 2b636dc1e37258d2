export { BAD_ENVIRONMENTS, goodEnvironment } from './bad-environments';
