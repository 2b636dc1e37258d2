import { KeyValueStore } from '@app/cache';
import { DatabaseHealth } from '@app/database';
import { ReadinessCheck } from '@app/observability';
import { Injectable } from '@nestjs/common';

/** Ready to serve when the database and the store answer. */
@Injectable()
export class Readiness extends ReadinessCheck {
  readonly name = 'database and store';

  constructor(
    private readonly database: DatabaseHealth,
    private readonly store: KeyValueStore,
  ) {
    super();
  }

  async isReady(): Promise<boolean> {
    await this.store.get('readiness');
    return this.database.isReady();
  }
}
