export { describeJobQueue } from './describe-job-queue';
export { MemoryJobQueue } from './memory-job-queue';
