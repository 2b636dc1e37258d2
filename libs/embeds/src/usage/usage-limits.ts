import type { UsageOptions } from './usage-options';

/** Every limit a workspace or an embed may have, and its column in `usage_limits`. */
export const USAGE_LIMIT_COLUMNS = {
  messagesPerMinute: 'messages_per_minute',
  messagesPerHour: 'messages_per_hour',
  tokensPerDay: 'tokens_per_day',
  tokensPerMonth: 'tokens_per_month',
  costMicrosPerDay: 'cost_micros_per_day',
  costMicrosPerMonth: 'cost_micros_per_month',
  modelCallsPerDay: 'model_calls_per_day',
  modelCallsPerMonth: 'model_calls_per_month',
  visitorTokensPerDay: 'visitor_tokens_per_day',
} as const;

export type UsageLimitName = keyof typeof USAGE_LIMIT_COLUMNS;
/** null means that there is none. */
export type UsageLimits = Readonly<Record<UsageLimitName, number | null>>;

// Object.keys forgets the names' type.
export const USAGE_LIMIT_NAMES = Object.keys(USAGE_LIMIT_COLUMNS) as UsageLimitName[];

/** What to change: null takes a limit away, what is left out stays. */
export type UsageLimitChanges = Partial<UsageLimits>;

/** Limits made one by one. */
export const usageLimits = (of: (name: UsageLimitName) => number | null): UsageLimits =>
  Object.fromEntries(USAGE_LIMIT_NAMES.map((name) => [name, of(name)])) as UsageLimits; // every name is there

export const NO_LIMITS = usageLimits(() => null);

/** The lowest of each. */
export function lowest(...all: readonly UsageLimits[]): UsageLimits {
  return usageLimits((name) => {
    const set = all.flatMap((limits) => limits[name] ?? []);
    return set.length === 0 ? null : Math.min(...set);
  });
}

/** What the installation allows each workspace. */
export function workspaceCeilings({ messages: { workspace }, budgets }: UsageOptions): UsageLimits {
  const { perMinute: messagesPerMinute, perHour: messagesPerHour } = workspace;
  const { prices: _, ...limits } = budgets;
  return { messagesPerMinute, messagesPerHour, ...limits };
}

/** What the installation allows each embed: of messages its own, of everything else what the workspace has. */
export function embedCeilings({ messages: { embed } }: UsageOptions): UsageLimits {
  return { ...NO_LIMITS, messagesPerMinute: embed.perMinute, messagesPerHour: embed.perHour };
}
