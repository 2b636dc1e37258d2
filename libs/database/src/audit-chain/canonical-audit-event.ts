import { NO_WORKSPACE } from './no-workspace';

/**
 * The bytes of an audit event that its hash covers, as an SQL expression over the row `row` (an alias, or `new` in a
 * trigger). Every field is `<length in bytes>:<text>` and a missing one `-`, so that no two events have the same bytes;
 * the time is UTC with microseconds, and jsonb prints its keys in one order.
 *
 * The trigger of the trail was created from this text. A different form is a new version beside this one, never a change:
 * rows that were hashed in this form must stay verifiable.
 */
export const canonicalAuditEvent = (row: string): string => {
  const fields = [
    `'v1'`,
    `coalesce(${row}.workspace_id::text, '${NO_WORKSPACE}')`,
    `${row}.seq::text`,
    `${row}.id::text`,
    `to_char(${row}.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
    `${row}.action`,
    `${row}.result`,
    `${row}.actor_type`,
    `${row}.actor_id::text`,
    `${row}.data::text`,
    `encode(${row}.ip_index, 'hex')`,
    `${row}.request_id`,
  ];
  const prefixed = fields.map((field) => `coalesce(octet_length(${field}) || ':' || ${field}, '-')`);
  return `convert_to(${prefixed.join(' || ')}, 'UTF8')`;
};
