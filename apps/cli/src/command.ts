import type { AppConfig } from '@app/config';

/** What is printed at the end, and the exit code where it is not 0. */
export interface CommandResult {
  readonly text: string;
  readonly exitCode: number;
}

/** `args` are the words after the command's name. */
export type Command = (config: AppConfig, args: readonly string[]) => Promise<string | CommandResult>;
