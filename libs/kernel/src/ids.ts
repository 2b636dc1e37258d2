import { v7 } from 'uuid';

/** A new UUID v7 (RFC 9562): ordered by creation, unique, and never a secret. */
export const newId = (): string => v7();
