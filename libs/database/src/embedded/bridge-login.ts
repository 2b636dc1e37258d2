import type { LoginKind } from './statement-guard';

/** A login the bridge lets in. It exists as a role in the database too; the password lives only as long as the process. */
export interface BridgeLogin {
  readonly name: string;
  readonly password: string;
  readonly kind: LoginKind;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}
