import { AppError } from '@app/kernel';
import type { DataSource, QueryRunner } from 'typeorm';
import { serviceFailure } from './service-failure';

/**
 * Runs `work` on a connection of the pool and gives it back.
 *
 * @throws AppError `service.unavailable` when there is none to be had in time, or it was lost on the way. Whether a commit
 *   that was under way then took effect, nobody knows.
 * @throws AppError `service.busy` when the server cut the work off: a statement or a lock took too long, or a deadlock
 * @throws whatever else `work` throws, as it is
 */
export async function withConnection<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
  } catch (error) {
    throw unavailable(error);
  }
  try {
    return await work(runner);
  } catch (error) {
    const isMeant = error instanceof AppError;
    // TypeORM gives a connection that broke back by itself, and refuses what comes after with an error of its own.
    throw serviceFailure(error) ?? (runner.isReleased && !isMeant ? unavailable(error) : error);
  } finally {
    await runner.release();
  }
}

const unavailable = (cause: unknown): AppError => new AppError('service.unavailable', { cause });
