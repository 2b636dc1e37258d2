/** Stands for "no workspace" where a column may not be null (RFC 9562, nil UUID). No workspace and no user has this id. */
export const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';
