import { Identity1763770000001 } from './0001-identity';
import { Audit1763770000002 } from './0002-audit';
import { Knowledge1763770000003 } from './0003-knowledge';
import { Conversations1763770000004 } from './0004-conversations';
import { LookUps1763770000005 } from './0005-look-ups';
import { MemberProfiles1763770000006 } from './0006-member-profiles';
import { Sessions1763770000007 } from './0007-sessions';
import { Accounts1763770000008 } from './0008-accounts';
import { Factors1763770000009 } from './0009-factors';
import { Workspaces1763770000010 } from './0010-workspaces';
import { AuditChain1763770000011 } from './0011-audit-chain';
import { KeyRotation1763770000013 } from './0013-key-rotation';
import { EmbedKeys1763770000020 } from './0020-embed-keys';
import { VisitorIdentity1763770000021 } from './0021-visitor-identity';
import { Disclosures1763770000022 } from './0022-disclosures';
import { Usage1763770000024 } from './0024-usage';
import { Challenge1763770000026 } from './0026-challenge';
import { DocumentVersions1763770000030 } from './0030-document-versions';
import { KnowledgePolicies1763770000031 } from './0031-knowledge-policies';
import { Sources1763770000032 } from './0032-sources';
import { BulkUploads1763770000033 } from './0033-bulk-uploads';
import { Snippets1763770000034 } from './0034-snippets';
import { VectorVersions1763770000035 } from './0035-vector-versions';
import { PartNotices1763770000036 } from './0036-part-notices';
import { DocumentFolders1763770000037 } from './0037-document-folders';
import { ImportedKnowledge1763770000038 } from './0038-imported-knowledge';

/** Every migration, oldest first. */
export const MIGRATIONS = [
  Identity1763770000001,
  Audit1763770000002,
  Knowledge1763770000003,
  Conversations1763770000004,
  LookUps1763770000005,
  MemberProfiles1763770000006,
  Sessions1763770000007,
  Accounts1763770000008,
  Factors1763770000009,
  Workspaces1763770000010,
  AuditChain1763770000011,
  KeyRotation1763770000013,
  EmbedKeys1763770000020,
  VisitorIdentity1763770000021,
  Disclosures1763770000022,
  Usage1763770000024,
  Challenge1763770000026,
  DocumentVersions1763770000030,
  KnowledgePolicies1763770000031,
  Sources1763770000032,
  BulkUploads1763770000033,
  Snippets1763770000034,
  VectorVersions1763770000035,
  PartNotices1763770000036,
  DocumentFolders1763770000037,
  ImportedKnowledge1763770000038,
] as const;
