import { Injectable } from '@nestjs/common';
import { Database } from './database';

/** Whether the database answers. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly database: Database) {}

  /** Never rejects. Takes as long as a connection may take at most (5 s). */
  async isReady(): Promise<boolean> {
    try {
      await this.database.dataSource.query('select 1');
      return true;
    } catch {
      return false;
    }
  }
}
