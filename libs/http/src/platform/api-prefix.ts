/** Everything under it is the REST api. Health checks, documentation and the widget's files are outside. */
export const API_PREFIX = 'v1';

/** Paths whose CORS headers the embeds lib sets, because each embed has its own list of origins. */
export const EMBED_PATH_PREFIX = `/${API_PREFIX}/embed/`;

/** Controllers that are not under the prefix. */
export const UNPREFIXED_ROUTES = ['healthz', 'readyz', '.well-known/jwks.json'];
