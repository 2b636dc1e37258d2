import { setImmediate } from 'node:timers/promises';
import { invisibleTextIn } from '../parsing/invisible-text';
import type { ParsedDocument, ParsedSection } from '../parsing/parsed-document';
import type { Finding, Inspection } from './finding';
import { findInjections } from './find-injections';
import { FindingList } from './finding-list';

/** Searched at a time, then others get their turn: some milliseconds. */
const WINDOW_CHARS = 8_000;
/** Longer than what a rule can span, so that nothing hides on a border. */
const OVERLAP_CHARS = 400;

/**
 * What in a document speaks to a model, is shown to nobody, or is written without shape. Same document, same findings.
 * Title and headings are looked at too. Linear in the length of the text; gives way to other work.
 */
export async function inspectDocument(document: ParsedDocument): Promise<Inspection> {
  const findings = new FindingList();
  let chars = 0;
  await inspectText(findings, { headingPath: [] }, document.title ?? '');
  const seenTitles = new Set<string>();
  for (const section of document.sections) {
    const titles = section.headingPath.filter((title) => !seenTitles.has(title));
    for (const title of titles) seenTitles.add(title);
    await inspectSection(findings, section, titles);
    chars += section.text.length;
    if (chars < WINDOW_CHARS) continue;
    chars = 0;
    await setImmediate();
  }
  return findings.result();
}

async function inspectSection(findings: FindingList, section: ParsedSection, titles: readonly string[]): Promise<void> {
  if (section.isHidden) findings.add(section, 'hidden-text', 'hidden-section', section.text.slice(0, OVERLAP_CHARS));
  for (const { rule, text } of [...(section.invisible ?? []), ...invisibleTextIn(section.text)]) {
    findings.add(section, 'invisible-characters', rule, text);
    if (rule === 'tag-characters') await inspectText(findings, section, text);
  }
  await inspectText(findings, section, [...titles, section.text].join('\n'));
}

async function inspectText(
  findings: FindingList,
  place: Pick<Finding, 'headingPath' | 'page'>,
  text: string,
): Promise<void> {
  for (let start = 0; start < text.length; start += WINDOW_CHARS) {
    const part = text.slice(Math.max(0, start - OVERLAP_CHARS), start + WINDOW_CHARS);
    for (const { rule, excerpt } of findInjections(part)) findings.add(place, 'injection', rule, excerpt);
    if (start + WINDOW_CHARS < text.length) await setImmediate();
  }
}
