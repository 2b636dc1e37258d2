/** One setting that is wrong. The text never holds the setting's value. */
export interface ConfigFault {
  setting: string;
  message: string;
}

/** Everything that is wrong with the configuration, at once. `main.ts` prints the message and exits with 78 (EX_CONFIG). */
export class ConfigError extends Error {
  /** The exit code for a configuration that cannot be used (sysexits.h). */
  static readonly exitCode = 78;

  constructor(readonly faults: readonly ConfigFault[]) {
    super(
      ['The configuration cannot be used:', ...faults.map((fault) => `  ${fault.setting} ${fault.message}`)].join('\n'),
    );
    this.name = 'ConfigError';
  }
}
