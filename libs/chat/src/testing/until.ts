const POLL_MS = 10;

/** Polls until it holds; a test's own time-out is the last resort, this one says what was missing. */
export async function until(isTrue: () => boolean | Promise<boolean>, seconds = 15, label = 'it'): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`${label} did not hold within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
