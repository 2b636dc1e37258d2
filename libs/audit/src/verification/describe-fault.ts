import { NO_WORKSPACE } from '@app/database';
import type { AuditFault } from './verify-audit';

const positions = ({ from, to }: AuditFault): string =>
  from === to ? `position ${from}` : `positions ${from} to ${to}`;

const WORDS: Readonly<Record<AuditFault['kind'], string>> = {
  changed: 'the row was changed after it was written',
  missing: 'rows are missing',
  reordered: 'the row stands at another place than it was written to',
  replaced: 'one of the two rows was put in the place of another',
  twice: 'two rows have one position',
  cut: 'the newest rows were cut off',
  rewritten: 'other rows stand here than were anchored',
  head: 'the end of the chain that the database keeps is wrong',
};

/** `workspace <id>, position 7: the row was changed after it was written` */
export function describeFault(fault: AuditFault): string {
  const chain = fault.chain === NO_WORKSPACE ? 'no workspace' : `workspace ${fault.chain}`;
  const was = fault.wasAfter === undefined ? '' : `, after the one now at position ${fault.wasAfter}`;
  return `${chain}, ${positions(fault)}: ${WORDS[fault.kind]}${was}`;
}
