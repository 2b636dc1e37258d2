import 'reflect-metadata';
import { runProcess } from '../../run-process';
import { startApi } from './start-api';

void runProcess(process.env, startApi);
