/**
 * Runs work under a signal that ends with the outer one or after a time. It does not wait for work that ignores the signal.
 * When the signal ended it, what is thrown is why, not what broke in the work because of it.
 */
export async function withDeadline<T>(
  limit: { readonly ms: number; readonly error: () => Error },
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(limit.error()), limit.ms);
  outer?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work(controller.signal), ended(controller.signal)]);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
