import { describeJobQueue } from './describe-job-queue';
import { MemoryJobQueue } from './memory-job-queue';

describeJobQueue('MemoryJobQueue', async () => new MemoryJobQueue());
