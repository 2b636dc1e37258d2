import { AppError } from '@app/kernel';

/**
 * A whole element, whose quoted values may hold `>`; it has at most four. Nothing in a tag may be `<` (XML 1.0, 3.1),
 * so each attempt ends at the next one: with `[^>]*` a hostile part of 1 MB took a minute.
 */
const RELATIONSHIP = /<(?:[^\s<>/:]+:)?Relationship\s[^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*){0,20}>/g;
const RELATIONSHIP_START = /<(?:[^\s<>/:]+:)?Relationship\s/g;
/** Attribute by attribute, so that text inside one value cannot pass for another attribute. */
const ATTRIBUTE = /(?<![\w:.-])([\w:.-]{1,40})\s{0,40}=\s{0,40}(?:"([^"<]*)"|'([^'<]*)')/g;

/**
 * Office follows relationships when the file is opened.
 *
 * @param source a `.rels` part of an Office package
 * @param isOfChart whether it belongs to a chart, whose workbook may be elsewhere: it is opened to change the chart
 * @throws AppError `document.active-content` when one leads outside and is not a link, `document.corrupt`
 */
export function checkRelationships(source: string, isOfChart = false): void {
  const relationships = source.match(RELATIONSHIP) ?? [];
  if (relationships.length !== (source.match(RELATIONSHIP_START)?.length ?? 0)) throw new AppError('document.corrupt');
  if (relationships.every((relationship) => isHarmless(attributesOf(relationship), isOfChart))) return;
  throw new AppError('document.active-content', { detail: 'It loads content from elsewhere when opened' });
}

function attributesOf(element: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of element.matchAll(ATTRIBUTE)) attributes.set(name, double ?? single ?? '');
  return attributes;
}

/** Links that a person clicks, and a template on a local disk, are usual. */
function isHarmless(relationship: ReadonlyMap<string, string>, isOfChart: boolean): boolean {
  const valueOf = (name: string): string => relationship.get(name) ?? '';
  // There is only Internal and External (ECMA-376 part 2, 9.3): an encoded `&#69;xternal` counts as the latter.
  if (!relationship.has('TargetMode') || valueOf('TargetMode') === 'Internal') return true;
  if (/\/hyperlink$/i.test(valueOf('Type'))) return true;
  if (isOfChart && /\/(?:oleObject|package)$/i.test(valueOf('Type'))) return true;
  return /\/attachedTemplate$/i.test(valueOf('Type')) && /^file:\/\/\//i.test(valueOf('Target'));
}
