import type { Operation } from './open-api';

interface Review {
  read: string;
  write: string;
}

const all = (permission: string): Review => ({ read: permission, write: permission });

/**
 * What people agreed each part of a workspace asks for, by the first name after the workspace in the address: `read` for
 * GET, `write` for everything else. Kept apart from the code on purpose: a route that asks for less than it should agrees
 * with itself, but not with this. A new part of the product belongs here before anybody can use it.
 */
const REVIEWED: Readonly<Record<string, Review>> = {
  '': { read: 'workspace.read', write: 'workspace.manage' },
  members: { read: 'members.read', write: 'members.manage' },
  invitations: all('members.manage'),
  'api-keys': all('api-keys.manage'),
  transfer: all('workspace.transfer'),
  leave: all('workspace.leave'),
  documents: { read: 'documents.read', write: 'documents.write' },
  quarantine: { read: 'documents.read', write: 'quarantine.manage' },
  'knowledge-policy': { read: 'documents.read', write: 'quarantine.manage' },
  'knowledge-usage': all('documents.read'),
  snippets: { read: 'documents.read', write: 'documents.write' },
  'bulk-uploads': { read: 'documents.read', write: 'documents.write' },
  'knowledge-export': all('documents.read'),
  sources: { read: 'documents.read', write: 'documents.write' },
  search: all('search.run'),
  embeds: { read: 'embeds.read', write: 'embeds.write' },
  'usage-limits': { read: 'embeds.read', write: 'embeds.write' },
  usage: all('embeds.read'),
  conversations: { read: 'conversations.read', write: 'conversations.write' },
  'audit-events': all('audit.read'),
};

const WORKSPACE = '/v1/workspaces/{workspaceId}';

/** Where what a route asks for is not what people agreed on, in words. */
export function accessFaults(operations: readonly Operation[]): string[] {
  return operations.flatMap(({ name, method, path, access }) => {
    const elsewhere = path.startsWith('/v1/embed/') ? ['visitor', 'public'] : ['signed-in', 'public'];
    const expected = path.startsWith(WORKSPACE) ? reviewedFor(method, path) : elsewhere;
    return expected.includes(access) ? [] : [`${name} asks for ${access} instead of ${expected.join(' or ')}`];
  });
}

function reviewedFor(method: string, path: string): string[] {
  const [part = ''] = path.slice(WORKSPACE.length).split('/').filter(Boolean);
  const review = REVIEWED[part];
  if (!review) return ['something that was reviewed'];
  return [method === 'GET' ? review.read : review.write];
}
