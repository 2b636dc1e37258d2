export { type AddOptions, type JobHandler, type JobPayload, JobQueue, type ProcessOptions } from './job-queue';
export { QueueModule } from './queue.module';
export { queueOwnerStep } from './queue-owner-step';
