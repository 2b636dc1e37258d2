import { BlindIndex, FieldCipher, type FieldPlace } from '@app/crypto';
import { NO_WORKSPACE } from '@app/database';
import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The client address of one event, sealed. It is personal data, so unlike the event it can be erased. */
@Entity('audit_addresses')
export class AuditAddress {
  @PrimaryColumn('uuid', { name: 'event_id' })
  readonly eventId: string;

  /** `NO_WORKSPACE` for events outside any workspace. */
  @Column('uuid', { name: 'workspace_id' })
  readonly workspaceId: string;

  @Column('text')
  readonly address: string;
}

const placeOf = (eventId: string, workspaceId: string | null): FieldPlace => ({
  table: 'audit_addresses',
  column: 'address',
  rowId: eventId,
  workspaceId: workspaceId ?? NO_WORKSPACE,
});

/** Turns client addresses into what may be stored of them, and back. */
@Injectable()
export class AuditAddresses {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly index: BlindIndex,
  ) {}

  /** For `audit_addresses`. */
  seal(eventId: string, workspaceId: string | null, ip: string): string {
    return this.cipher.seal(placeOf(eventId, workspaceId), ip);
  }

  /** @throws AppError `data.unreadable` */
  open({ eventId, workspaceId, address }: AuditAddress): string {
    return this.cipher.open(placeOf(eventId, workspaceId), address);
  }

  /** For the chained row: 16 bytes, the same for one address in one workspace. */
  indexOf(workspaceId: string | null, ip: string): Buffer {
    return this.index.of({ table: 'audit_events', column: 'ip', workspaceId }, ip);
  }
}
