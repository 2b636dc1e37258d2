import 'reflect-metadata';
import { runProcess } from '../../run-process';
import { startWorker } from './start-worker';

void runProcess(process.env, startWorker);
