import { posix } from 'node:path';
import type { DocumentPackage } from './document-package';
import { readXml, type XmlAttributes } from './read-xml';

export interface PackageRelation {
  /** The last part of the type's address, for example `slide`; the transitional and the strict one end alike. */
  readonly type: string;
  /** Name of the part it leads to. */
  readonly target: string;
}

/** Where the parts lead that `part` names by id (ECMA-376 part 2, 6.5): id → relation. Those that lead outside are left out. */
export async function relationsOf(parts: DocumentPackage, part: string): Promise<Map<string, PackageRelation>> {
  const relations = new Map<string, PackageRelation>();
  const folder = posix.dirname(part);
  const source = parts.xml(posix.join(folder, '_rels', `${posix.basename(part)}.rels`)) ?? '';
  await readXml(source, {
    open: (name, { Id = '', Type = '', Target = '', TargetMode }) => {
      if (name !== 'Relationship' || (TargetMode ?? 'Internal') !== 'Internal') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}

/** The id of the relation an element names (`r:id`, `r:embed` and so on), whatever the prefix. */
export const relationIdOf = (attributes: XmlAttributes, name = 'id'): string | undefined =>
  Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];

/** The part an Office package begins with: its name differs from writer to writer. */
export async function mainPartOf(parts: DocumentPackage, fallback: string): Promise<string> {
  const relations = [...(await relationsOf(parts, '')).values()];
  const main = relations.find(({ type }) => type === 'officeDocument')?.target;
  return main !== undefined && parts.has(main) ? main : fallback;
}
