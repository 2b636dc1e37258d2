import type { Tx } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import type { LineKind } from './bulk-upload-file';

/** What became of lines of one kind: by their outcome, and of the accepted ones by their document. */
export interface LineCounts {
  readonly total: number;
  readonly waiting: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly cancelled: number;
  readonly indexed: number;
  readonly failed: number;
  readonly quarantined: number;
  /** Deleted since. */
  readonly deleted: number;
}

/** Of an archive. */
export type BulkUploadCounts = Readonly<Record<'files' | 'snippets', LineCounts>>;

const NOTHING: LineCounts = {
  total: 0,
  waiting: 0,
  accepted: 0,
  duplicate: 0,
  refused: 0,
  cancelled: 0,
  indexed: 0,
  failed: 0,
  quarantined: 0,
  deleted: 0,
};

/** Documents that are still on their way. */
export const inProgress = ({ accepted, indexed, failed, quarantined, deleted }: LineCounts): number =>
  accepted - indexed - failed - quarantined - deleted;

/** Counts the files of several archives in one question. */
export async function countFiles(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  ids: readonly string[],
): Promise<{ of(id: string): BulkUploadCounts }> {
  const rows = await tx.query<(LineCounts & { id: string; kind: LineKind })[]>(
    `select f.bulk_upload_id as id, f.kind, count(*)::int as total,
       (count(*) filter (where f.outcome = 'waiting'))::int as waiting,
       (count(*) filter (where f.outcome = 'accepted'))::int as accepted,
       (count(*) filter (where f.outcome = 'duplicate'))::int as duplicate,
       (count(*) filter (where f.outcome = 'refused'))::int as refused,
       (count(*) filter (where f.outcome = 'cancelled'))::int as cancelled,
       (count(*) filter (where f.outcome = 'accepted' and v.status = 'indexed'))::int as indexed,
       (count(*) filter (where f.outcome = 'accepted' and v.status = 'failed'))::int as failed,
       (count(*) filter (where f.outcome = 'accepted' and v.status = 'quarantined'))::int as quarantined,
       (count(*) filter (where f.outcome = 'accepted' and v.status is null))::int as deleted
     from bulk_upload_files f
     left join documents d on d.workspace_id = f.workspace_id and d.id = f.document_id
     left join document_versions v
       on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.newest_version
     where f.workspace_id = $1 and f.bulk_upload_id = any($2::uuid[])
     group by f.bulk_upload_id, f.kind`,
    [workspaceId, ids],
  );
  const of = (id: string, kind: LineKind): LineCounts => {
    const row = rows.find((counts) => counts.id === id && counts.kind === kind);
    return row ?? NOTHING;
  };
  return { of: (id) => ({ files: of(id, 'file'), snippets: of(id, 'snippet') }) };
}
