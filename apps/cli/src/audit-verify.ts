import { parseArgs } from 'node:util';
import { AnchorFile, AnchorSigner, type AuditVerdict, describeFault, verifyAudit } from '@app/audit';
import type { AppConfig } from '@app/config';
import { withAuditReader } from '@app/database';
import type { CommandResult } from './command';

/** The trail is whole; somebody changed it; it could not be told. */
const [WHOLE, MANIPULATED, UNKNOWN] = [0, 1, 2];

interface Findings extends AuditVerdict {
  /** Numbers of the lines in the anchor file that this installation did not write. */
  forgedLines: number[];
  comparedAnchors: number;
  anchorFile: string;
}

/**
 * Walks the audit trail of every workspace and reports each manipulation with its position. `--anchor <file>` compares
 * it with the anchors in the file and adds where sound chains end now; without it the file of `AUDIT_ANCHOR_FILE` is
 * used. `--json` prints the findings for a program.
 */
export async function auditVerify(config: AppConfig, args: readonly string[]): Promise<CommandResult> {
  try {
    const options = { anchor: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const findings = await findingsOf(config, values.anchor ?? config.audit.anchorFile);
    const isWhole = findings.faults.length === 0 && findings.forgedLines.length === 0;
    return {
      text: values.json ? JSON.stringify(findings) : sentences(findings).join('\n'),
      exitCode: isWhole ? WHOLE : MANIPULATED,
    };
  } catch (error) {
    return { text: `The audit trail could not be verified. ${messageOf(error)}`, exitCode: UNKNOWN };
  }
}

async function findingsOf(config: AppConfig, path: string): Promise<Findings> {
  const file = new AnchorFile(path, new AnchorSigner(config.secrets.secretKey));
  // Read before the trail: rows that are added meanwhile are behind every anchor.
  const { anchors, forgedLines } = await file.read();
  const verdict = await withAuditReader(config.database, config.server.dataDir, (client) =>
    verifyAudit(async <T>(sql: string, parameters?: unknown[]) => {
      const { rows } = await client.query(sql, parameters);
      return rows as T[]; // who asks knows what it selects
    }, anchors),
  );
  const spoiled = new Set(verdict.faults.map(({ chain }) => chain));
  const known = new Set(anchors.map(({ chain, seq }) => `${chain} ${seq}`));
  const at = new Date().toISOString();
  const fresh = verdict.ends.filter(({ chain, seq }) => !spoiled.has(chain) && !known.has(`${chain} ${seq}`));
  await file.append(fresh.map((end) => ({ ...end, at })));
  return { ...verdict, forgedLines, comparedAnchors: anchors.length, anchorFile: path };
}

function sentences({ faults, ends, rows, forgedLines, comparedAnchors, anchorFile }: Findings): string[] {
  return [
    ...faults.map(describeFault),
    ...forgedLines.map((line) => `line ${line} of ${anchorFile}: not written by this installation`),
    `${faults.length + forgedLines.length} manipulations in ${ends.length} chains of ${rows} rows, compared with ${comparedAnchors} anchors in ${anchorFile}.`,
  ];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
