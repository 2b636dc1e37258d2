import { AuditModule } from '@app/audit';
import {
  KeyValueStore,
  MemoryKeyValueStore,
  MemoryPubSub,
  MemorySlidingWindows,
  PubSub,
  SlidingWindows,
} from '@app/cache';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { SystemDb, WorkspaceDb } from '@app/database';
import type { TestDatabase } from '@app/database/testing';
import { Clock } from '@app/kernel';
import { MailModule } from '@app/mail';
import { CollectedMails } from '@app/mail/testing';
import { JobQueue } from '@app/queue';
import { MemoryJobQueue } from '@app/queue/testing';
import { type DynamicModule, Global, Module } from '@nestjs/common';

/** The modules below auth, over a test database, with counters, jobs and mails in memory and a clock the test moves. */
@Global()
@Module({})
export class PlatformForTests {
  static over({ db, systemDb }: TestDatabase, clock: Clock): DynamicModule {
    return {
      module: PlatformForTests,
      imports: [AuditModule, MailModule.over(new CollectedMails(), 'https://chat.example.com')],
      providers: [
        { provide: WorkspaceDb, useValue: db },
        { provide: SystemDb, useValue: systemDb },
        { provide: Clock, useValue: clock },
        { provide: FieldCipher, useValue: fieldCipherForTests() },
        { provide: BlindIndex, useValue: blindIndexForTests() },
        { provide: KeyValueStore, useValue: new MemoryKeyValueStore(clock) },
        { provide: SlidingWindows, useValue: new MemorySlidingWindows(clock) },
        { provide: PubSub, useClass: MemoryPubSub },
        { provide: JobQueue, useClass: MemoryJobQueue },
      ],
      exports: [WorkspaceDb, SystemDb, Clock, FieldCipher, BlindIndex, KeyValueStore, SlidingWindows, PubSub, JobQueue],
    };
  }
}
