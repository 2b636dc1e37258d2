import 'reflect-metadata';
import { runProcess } from '../../run-process';

void runProcess(process.env, async () => (await import('./start-api.js')).startApi);
