import type { BudgetsConfig, LimitsConfig } from '@app/config';

/** What limits and budgets are told at their start. */
export abstract class UsageOptions {
  /** The installation's own limits on visitors' messages. */
  abstract readonly messages: LimitsConfig['messages'];
  /** What each workspace may spend at most, and what models cost. */
  abstract readonly budgets: BudgetsConfig;
  /** 32 bytes. Client addresses are counted under their keyed hash. */
  abstract readonly addressKey: Buffer;
}
