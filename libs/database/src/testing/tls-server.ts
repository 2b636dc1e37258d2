import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DOCKER = resolve(__dirname, '../../../../docker/postgres');
const DEBIAN = '/usr/lib/postgresql';

interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, and the shipped pg_hba.conf lets the system's user `postgres` in by its name. */
function postgresAccount(): Account | null {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }).toString());
    const own = { uid: id('-u'), gid: id('-g') };
    return process.getuid?.() === 0 || process.getuid?.() === own.uid ? own : null;
  } catch {
    return null;
  }
}

const binaries = (): string | null => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(DEBIAN, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
};

/** Why there can be no server of one's own here, or null. */
export function whyNoTlsServer(): string | null {
  if (!binaries()) return 'no PostgreSQL server is installed';
  return postgresAccount() ? null : 'the tests run neither as root nor as the user postgres';
}

/** A PostgreSQL server of its own, set up by the shipped pg_hba.conf and create-login.sh, with a certificate for `localhost`. */
export class TlsServer {
  readonly passwords = {
    owner_password: randomBytes(12).toString('hex'),
    app_password: randomBytes(12).toString('hex'),
  };
  private readonly folder = mkdtempSync(join(tmpdir(), 'customercare-tls-'));

  private constructor(
    readonly port: number,
    private readonly account: Account,
    private readonly bin: string,
  ) {}

  static async start(): Promise<TlsServer> {
    const [account, bin] = [postgresAccount(), binaries()];
    if (!account || !bin) throw new Error(String(whyNoTlsServer()));
    const server = new TlsServer(await freePort(), account, bin);
    server.makeCertificates();
    await server.boot();
    server.run('sh', [join(server.folder, 'create-login.sh')]);
    return server;
  }

  /** The authority that signed the server's certificate, and one that did not. */
  authority(which: 'own' | 'other'): string {
    return join(this.folder, `${which}.crt`);
  }

  url(login: 'customercare_owner' | 'customercare_production_app', host: string, query: string): string {
    const password = this.passwords[login === 'customercare_owner' ? 'owner_password' : 'app_password'];
    return `postgres://${login}:${password}@${host}:${this.port}/customercare${query}`;
  }

  /** Runs statements as the superuser, who gets in on this machine alone. */
  asSuperuser(sql: string): void {
    this.run(join(this.bin, 'psql'), ['-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-d', 'customercare', '-c', sql]);
  }

  stop(): void {
    this.run(join(this.bin, 'pg_ctl'), ['-D', join(this.folder, 'data'), '-m', 'immediate', 'stop']);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private makeCertificates(): void {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    for (const name of ['own', 'other'])
      openssl(
        'req',
        '-x509',
        ...curve,
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
      );
    openssl('req', ...curve, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
    writeFileSync(join(this.folder, 'san.cnf'), 'subjectAltName=DNS:localhost\n');
    const signing = ['-CA', 'own.crt', '-CAkey', 'own.key', '-CAcreateserial', '-days', '2', '-extfile', 'san.cnf'];
    openssl('x509', '-req', '-in', 'server.csr', ...signing, '-out', 'server.crt');
  }

  private async boot(): Promise<void> {
    for (const [name, password] of Object.entries(this.passwords)) writeFileSync(join(this.folder, name), password);
    for (const file of ['pg_hba.conf', 'create-login.sh'])
      execFileSync('cp', [join(DOCKER, file), join(this.folder, file)]);
    chmodSync(join(this.folder, 'server.key'), 0o600);
    for (const name of ['', ...readdirSync(this.folder)])
      chownSync(join(this.folder, name), this.account.uid, this.account.gid);
    const data = join(this.folder, 'data');
    this.run(join(this.bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=peer', '--no-sync', '-E', 'UTF8']);
    const settings = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.folder,
      hba_file: join(this.folder, 'pg_hba.conf'),
      ssl: 'on',
      ssl_cert_file: join(this.folder, 'server.crt'),
      ssl_key_file: join(this.folder, 'server.key'),
      fsync: 'off',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const started = spawn(join(this.bin, 'postgres'), ['-D', data, ...options], { ...this.account, stdio: 'ignore' });
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.run(join(this.bin, 'psql'), ['-U', 'postgres', '-c', 'create database customercare']);
        return;
      } catch (error) {
        if (attempt > 150 || started.exitCode !== null) throw error;
        await new Promise((next) => setTimeout(next, 200));
      }
    }
  }

  private run(command: string, args: string[]): void {
    execFileSync(command, args, {
      ...this.account,
      cwd: this.folder,
      stdio: 'pipe',
      env: {
        PATH: process.env['PATH'], // tests have no main.ts to read it
        PGHOST: this.folder,
        PGPORT: String(this.port),
        SECRETS_DIR: this.folder,
      },
    });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo; // it listens on TCP
  probe.close();
  await once(probe, 'close');
  return port;
}
