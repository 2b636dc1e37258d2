import type { FrontendMessage } from './message-reader';
import type { Batch } from './shared-session';
import { sqlStatements } from './sql-statements';
import { type LoginKind, refusalOf } from './statement-guard';
import { StatementNames } from './statement-names';
import { readCString } from './wire-messages';

/** A batch that may run, or the reason why it may not. */
export type CollectedBatch = Batch | { refusal: string };

/** Flush (everything is answered at Sync) and what is left of a refused COPY. */
const IGNORED = new Set(['H', 'd', 'c', 'f']);
/** Parse, Bind, Describe, Close, Execute. */
const EXTENDED = new Set(['P', 'B', 'D', 'C', 'E']);
/** Simple query, Sync, and the function call, which is refused: the client waits for an answer after these. */
const COMPLETING = new Set(['Q', 'S', 'F']);

const CHANNEL = /^[a-z_][a-z0-9_]*$/;

/**
 * Collects one client's messages up to Sync. The engine answers a batch as a whole: after an error it skips to Sync by
 * itself, so client and engine never disagree about where they are.
 */
export class BatchCollector {
  private messages: Buffer[] = [];
  private refusal: string | null = null;
  private hasUnnamed = false;
  private continuesUnnamed = false;
  private listens: string[] = [];

  constructor(
    private readonly kind: LoginKind,
    private readonly names: StatementNames,
  ) {}

  /** The batch this message completes, or null. */
  add(message: FrontendMessage): CollectedBatch | null {
    const { type, bytes } = message;
    if (IGNORED.has(type)) return null;
    if (type === 'Q') this.inspect(readCString(bytes, 5).text);
    if (type === 'Q' || type === 'S') this.messages.push(bytes);
    else if (EXTENDED.has(type)) this.extend(message);
    else this.refusal ??= `Message ${type} is not supported`;
    return COMPLETING.has(type) ? this.complete() : null;
  }

  private extend(message: FrontendMessage): void {
    if (message.type === 'P') this.inspect(readCString(message.bytes, readCString(message.bytes, 5).next).text);
    const isUnnamed = message.type !== 'E' && StatementNames.nameIn(message) === '';
    if (isUnnamed && message.type === 'P') this.hasUnnamed = true;
    else if (isUnnamed && !this.hasUnnamed) this.continuesUnnamed = true;
    this.messages.push(message.type === 'E' ? message.bytes : this.names.rewrite(message));
  }

  private inspect(sql: string): void {
    this.refusal ??= refusalOf(sql, this.kind);
    if (!/listen/i.test(sql)) return;
    for (const [first, channel = ''] of sqlStatements(sql)) {
      if (first === 'listen' && CHANNEL.test(channel)) this.listens.push(`listen ${channel}`);
    }
  }

  private complete(): CollectedBatch {
    const { refusal, messages, continuesUnnamed, listens } = this;
    this.messages = [];
    this.refusal = null;
    this.hasUnnamed = false;
    this.continuesUnnamed = false;
    this.listens = [];
    return refusal === null ? { bytes: Buffer.concat(messages), continuesUnnamed, listens } : { refusal };
  }
}
