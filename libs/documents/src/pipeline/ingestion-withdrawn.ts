/** Somebody deleted or cancelled the document while it was worked on. */
export class IngestionWithdrawn extends Error {}
