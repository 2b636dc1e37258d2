import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for names, signed by itself, made by openssl. */
export function makeCertificate(...names: string[]): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'customercare-web-'));
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', '/CN=site', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`];
    const files = ['-days', '2', '-keyout', 'key', '-out', 'cert'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { cwd: folder, stdio: 'pipe' });
    return { key: readFileSync(join(folder, 'key'), 'utf8'), cert: readFileSync(join(folder, 'cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
