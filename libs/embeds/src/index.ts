export { type EmbedChange, EmbedChanges } from './embed-changes';
export { type ActiveEmbed, type EmbedClaim, EmbedReader } from './embed-reader';
export { Embed } from './embed.entity';
export { EmbedsModule } from './embeds.module';
export { EmbedsOptions } from './embeds-options';
export { type CreatedEmbed, EmbedsService } from './embeds.service';
export { isWebOrigin } from './origin-rule';
export { ResumeTokenSweep } from './resume-token-sweep.service';
export { type VisitorClaims, VisitorTokens } from './visitor-tokens';
