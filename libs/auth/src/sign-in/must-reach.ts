import { AppError } from '@app/kernel';

/** @throws AppError `service.not-ready` when the work fails: without its counters no sign-in is let through */
export async function mustReach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('service.not-ready', { cause });
  }
}
