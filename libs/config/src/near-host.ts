const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** On this machine, where nobody listens in between. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.has(hostname);

/** Loopback, or a name without a dot: a neighbour in a private container network, as the shipped compose file makes it. */
export const isNearHost = (hostname: string): boolean => isLoopback(hostname) || !/[.:]/.test(hostname);
