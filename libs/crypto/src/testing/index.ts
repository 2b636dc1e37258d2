export { blindIndexForTests } from './blind-index-for-tests';
export { fieldCipherForTests } from './field-cipher-for-tests';
