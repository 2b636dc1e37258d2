/** Polls until `isTrue`; fails with the last state after `seconds`. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  seconds = 30,
  label: string | (() => string) = 'the condition',
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline)
      throw new Error(`${typeof label === 'string' ? label : label()} did not hold within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
