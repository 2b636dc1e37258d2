interface Detector {
  detect(text: string): { language: string };
}

/** Enough for n-grams to decide; whole documents add time, not certainty. */
const MAX_SAMPLE_CHARS = 2_000;

let detector: Promise<Detector> | undefined;

/**
 * The language a text is written in (ISO 639-1), by character n-grams (eld, smallest data set, loaded at the first
 * call); null when it cannot tell.
 */
export async function detectLanguage(text: string): Promise<string | null> {
  detector ??= import('eld/extrasmall').then(({ eld }) => eld);
  const eld = await detector;
  return eld.detect(text.slice(0, MAX_SAMPLE_CHARS)).language || null;
}
