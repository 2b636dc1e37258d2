import { Reflector } from '@nestjs/core';

/** Limits beside the general one, which counts every request. */
export type LimitName = 'auth' | 'embedSession';

export const LimitsOf = Reflector.createDecorator<readonly LimitName[]>();
export const IsUnlimited = Reflector.createDecorator<boolean>();

/** The route also counts against a stricter limit: `@LimitedBy('auth')` on everything that takes credentials. */
export const LimitedBy = (name: LimitName): MethodDecorator & ClassDecorator => LimitsOf([name]);

/** The route counts against nothing: health checks, which must answer under attack too. */
export const Unlimited = (): MethodDecorator & ClassDecorator => IsUnlimited(true);
