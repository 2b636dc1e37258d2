import { sqlStatements } from './sql-statements';

/** What a login may send: the application reads and writes rows, the owner also changes the schema. */
export type LoginKind = 'application' | 'owner';

/** First words the application may use. `SET` has its own rule. */
const APPLICATION_WORDS = new Set([
  ...['select', 'insert', 'update', 'delete', 'merge', 'with', 'values', 'table', '(', 'explain', 'show', 'lock'],
  ...['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release', 'listen', 'notify'],
]);

/**
 * First words nobody may use: what they leave behind stays in the one session all clients share (`RESET`, `DISCARD`,
 * SQL-level prepared statements, `UNLISTEN`), or needs a protocol the bridge does not speak (`COPY`, cursors).
 */
const REFUSED_WORDS = new Set([
  ...['reset', 'discard', 'prepare', 'execute', 'deallocate', 'unlisten', 'load'],
  ...['copy', 'declare', 'fetch', 'move', 'close'],
]);

/** Settings that may be changed for one transaction. Never `role`, `session_authorization` or what SQL text means. */
const LOCAL_SETTINGS = new Set(['search_path', 'statement_timeout', 'lock_timeout', 'work_mem']);

const CACHE_SIZE = 1000;
const verdicts = new Map<string, string | null>();

/**
 * Why the bridge refuses `sql` for a login of this kind, or null. All clients share one session of a superuser that
 * poses as their login, so whatever could change who it is must never reach it; the engine's own privileges
 * (see `restrictEmbeddedSession`) close the ways that SQL text cannot show.
 */
export function refusalOf(sql: string, kind: LoginKind): string | null {
  const key = `${kind} ${sql}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = judge(sql, kind);
  if (verdicts.size >= CACHE_SIZE) verdicts.clear();
  verdicts.set(key, verdict);
  return verdict;
}

function judge(sql: string, kind: LoginKind): string | null {
  for (const statement of sqlStatements(sql)) {
    const [first = '', second = ''] = statement;
    const isAllowed =
      first === 'set'
        ? isAllowedSet(statement)
        : isAllowedWord(first, kind) && !(first === 'end' && second === 'prepare');
    if (!isAllowed) return `${first.toUpperCase()} is not available to this login`;
  }
  return null;
}

const isAllowedWord = (word: string, kind: LoginKind): boolean =>
  kind === 'application' ? APPLICATION_WORDS.has(word) : !REFUSED_WORDS.has(word);

/** `SET TRANSACTION …`, `SET CONSTRAINTS …` and `SET LOCAL <setting> …` end with the transaction. */
function isAllowedSet([, scope = '', setting = '', next = '']: string[]): boolean {
  if (scope === 'transaction' || scope === 'constraints') return true;
  return scope === 'local' && LOCAL_SETTINGS.has(setting) && (next === '=' || next === 'to');
}
