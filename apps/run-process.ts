import { type AppConfig, ConfigError, loadConfig } from '@app/config';

/** What a started process can do: end, letting work in progress finish. */
export interface RunningProcess {
  close(): Promise<void>;
}

const SHUTDOWN_SECONDS = 10;

/**
 * Runs one process from configuration to signal. Faults of the configuration or of the surroundings are printed as plain
 * sentences; a second Ctrl-C, or a shutdown longer than ten seconds, ends it at once.
 *
 * @param load gives what starts the process. Called once the configuration is known to be good: the rest of the program
 * takes a second to load, and an operator who mistyped a setting need not wait for it.
 */
export async function runProcess(
  env: NodeJS.ProcessEnv,
  load: () => Promise<(config: AppConfig) => Promise<RunningProcess>>,
): Promise<void> {
  let running: Promise<RunningProcess> | undefined;
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) process.exit(130);
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_SECONDS * 1000).unref();
    await (await running)?.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  try {
    const config = loadConfig(env);
    running = load().then((start) => start(config));
    await running;
  } catch (error) {
    if (isStopping) return;
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof ConfigError ? ConfigError.exitCode : 1);
  }
}

/** The message alone for errors that speak to an operator; everything for those that speak to a developer. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForOperator = error instanceof ConfigError || error.name.endsWith('StartError') || 'code' in error;
  return isForOperator ? error.message : (error.stack ?? error.message);
}
