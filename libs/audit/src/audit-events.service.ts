import { WorkspaceDb } from '@app/database';
import { decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AuditAction, AuditResult } from './audit-actions';
import { AuditAddress, AuditAddresses } from './audit-address';
import { AuditEvent } from './audit-event';

/** Which events: everything that is given must be true of them. */
export interface AuditFilter {
  action?: AuditAction;
  actorType?: AuditEvent['actorType'];
  actorId?: string;
  result?: AuditResult;
  requestId?: string;
  /** ISO 8601; included. */
  from?: string;
  /** ISO 8601; not included. */
  to?: string;
}

/** An event as people read it, with the client address where it was kept. */
export type AuditEntry = AuditEvent & { readonly ip: string | null };

const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  action: 'e.action = :action',
  actorType: 'e.actorType = :actorType',
  actorId: 'e.actorId = :actorId',
  result: 'e.result = :result',
  requestId: 'e.requestId = :requestId',
  from: 'e.createdAt >= :from',
  to: 'e.createdAt < :to',
};

/** Reads one workspace's trail. */
@Injectable()
export class AuditEventsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly addresses: AuditAddresses,
  ) {}

  /**
   * Newest first.
   *
   * @throws AppError `request.invalid` for a cursor this list did not issue
   */
  async list(
    ctx: WorkspaceContext,
    { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string },
  ): Promise<Page<AuditEntry>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    const entries = await this.read(ctx, filter, (events) => {
      if (before) events.andWhere('e.seq < (select b.seq from audit_events b where b.id = :before)', { before });
      return events.orderBy('e.seq', 'DESC').take(limit + 1);
    });
    return toPage(entries, limit);
  }

  /** At most `limit` events between two positions (the first left out), oldest first. */
  readOn(
    ctx: WorkspaceContext,
    filter: AuditFilter,
    { after, upTo }: { after: string; upTo: string },
    limit: number,
  ): Promise<AuditEntry[]> {
    return this.read(ctx, filter, (events) =>
      events.andWhere('e.seq > :after and e.seq <= :upTo', { after, upTo }).orderBy('e.seq', 'ASC').take(limit),
    );
  }

  private async read(
    ctx: WorkspaceContext,
    filter: AuditFilter,
    narrow: (events: SelectQueryBuilder<AuditEvent>) => SelectQueryBuilder<AuditEvent>,
  ): Promise<AuditEntry[]> {
    const { workspaceId } = ctx;
    const { events, addresses } = await this.db.run(ctx, async (tx) => {
      const query = tx.createQueryBuilder(AuditEvent, 'e').where('e.workspaceId = :workspaceId', { workspaceId });
      for (const [name, value] of Object.entries(filter) as [string, string | undefined][]) {
        // The keys are AuditFilter's own; an interface's keys are typed as any text.
        if (value !== undefined)
          query.andWhere(CONDITIONS[name as keyof AuditFilter], { [name]: valueOf(name, value) });
      }
      const found = await narrow(query).getMany();
      const kept = await tx
        .createQueryBuilder(AuditAddress, 'a')
        .where('a.eventId = any (:ids)', { ids: found.map(({ id }) => id) })
        .getMany();
      return { events: found, addresses: new Map(kept.map((address) => [address.eventId, address])) };
    });
    return events.map((event) => {
      const address = addresses.get(event.id);
      return { ...event, ip: address ? this.addresses.open(address) : null };
    });
  }
}

/** The engine reads dates of its own that JavaScript refuses, and the other way round; the driver's form suits both. */
const valueOf = (name: string, value: string): string | Date =>
  name === 'from' || name === 'to' ? new Date(value) : value;
