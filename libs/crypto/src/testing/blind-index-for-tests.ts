import { randomBytes } from 'node:crypto';

import { BlindIndex } from '../index';

/** An index with a key of its own. */
export const blindIndexForTests = (): BlindIndex => new BlindIndex(randomBytes(32));
