/** What a job is about: ids, or content sealed by `FieldCipher`; never content in clear. */
export type JobPayload = Record<string, string>;

/**
 * Does one job. Rejecting means it is tried again later. The signal fires when the process shuts down or the job was
 * given to another worker; a handler that stops then and rejects loses no attempt.
 *
 * A job may run twice, after a crash or a lost lock: handlers must be repeatable.
 */
export type JobHandler = (payload: JobPayload, signal: AbortSignal) => Promise<void>;

export interface AddOptions {
  /** Names the job: while one with this id waits, is delayed or runs, adding it again does nothing. Not `:` nor a number. */
  id: string;
  /** From 1 to 2,097,151; smaller goes first, and the same in the order of arrival. Jobs without one go before all others. */
  priority?: number;
}

export interface ProcessOptions {
  /** Jobs run at the same time by this process. */
  concurrency: number;
  /** How often a job is tried in all; after that it is dropped, and may be added again. */
  attempts: number;
}

/**
 * Background jobs that survive a restart and a kill: a job is done at least once. Workers in several processes share the
 * work of a queue.
 */
export abstract class JobQueue {
  /** Resolves when the job is safely stored, or was there already. */
  abstract add(queue: string, payload: JobPayload, options: AddOptions): Promise<void>;

  /** Starts to work on a queue, once a process for each queue. Resolves when it listens. */
  abstract process(queue: string, handler: JobHandler, options: ProcessOptions): Promise<void>;

  /** Stops taking jobs, aborts what runs, waits for it for a few seconds and lets go of what is left. */
  abstract close(): Promise<void>;
}
