/** How the application signs in: a URL, or the socket of the embedded database. Fits `pg`'s own pool options. */
export interface DatabaseConnection {
  connectionString?: string;
  host?: string;
  port?: number;
  database?: string;
  user?: string;
  password?: string;
}

/** How to reach the database, once roles and schema are ready. */
export interface DatabaseAccess {
  /** Signs in as the application: no superuser, no owner. */
  readonly application: DatabaseConnection;
  /** Ends what runs in this process; called after every pool is closed. */
  close(): Promise<void>;
}
