import { Reflector } from '@nestjs/core';

import type { Permission } from './permissions';

/** Who may call a route. A route without a rule is refused. */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'visitor' }
  | { readonly kind: 'can'; readonly permission: Permission };

/** One piece of metadata for all four decorators: on one target the last one written wins, never two at once. */
export const AccessRuleOf = Reflector.createDecorator<AccessRule>();

/** Beside a rule: whoever calls must have proved a moment ago that it is them. */
export const NeedsStepUp = Reflector.createDecorator<boolean>();
