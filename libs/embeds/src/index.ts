import { Embed } from './embed.entity';
import { EmbedIdentitySecret } from './identity/embed-identity-secret.entity';
import { EmbedKey } from './keys/embed-key.entity';

export type { ActiveEmbed, EmbedClaim } from './active-embed';
export { Disclosures } from './disclosure/disclosures';
export { type EmbedChange, EmbedChanges } from './embed-changes';
export { EmbedReader } from './embed-reader';
export { Embed } from './embed.entity';
export { EmbedRequestMiddleware } from './embed-request.middleware';
export { EmbedsModule } from './embeds.module';
export { EmbedsOptions } from './embeds-options';
export { type CreatedEmbed, EmbedsService } from './embeds.service';
export type { VerifiedIdentity } from './identity/identity-claims';
export { VerifiedVisitors } from './identity/verified-visitors';
export { isWebOrigin } from './origin-rule';
export { ResumeTokenSweep } from './resume-token-sweep.service';
export type { Spending } from './budgets/budget-units';
export { ModelCosts } from './budgets/model-costs';
export { releaseReservation, UsageBudgets } from './budgets/usage-budgets';
export type { LimitWarning } from './usage/limit-warning';
export { type MessageSource, VisitorLimits } from './limits/visitor-limits';
export { UsageModule } from './usage/usage.module';
export { type VisitorClaims, VisitorTokens } from './visitor-tokens';

/** For the database: what this lib stores through TypeORM. */
export const EMBED_ENTITIES = [Embed, EmbedKey, EmbedIdentitySecret];
