import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AppError } from '@app/kernel';
import { identifyFile } from '../formats/file-identifier';
import type { Finding } from '../inspection/finding';
import { inspectDocument } from '../inspection/inspect-document';
import type { ParsedDocument } from '../parsing/parsed-document';
import { PARSERS } from '../parsing/parser-list';

/**
 * Lists of attacks, `data/attack/text/<name>.jsonl`. Most of the first two ask a chatbot for what it should not tell, in
 * words that any visitor may use; carriers are honest mails that attacks are put into; parts are halves of attacks.
 */
export const ATTACK_LISTS = [
  'prompt-injection',
  'prompt-injection-multilingual',
  'jailbreak',
  'indirect-injection-instruction',
  'indirect-injection-carrier',
  'md-exfil-part',
] as const;

export interface Inspected {
  readonly name: string;
  /** The kind of attack its list gives; empty without. */
  readonly family: string;
  readonly text: string;
  readonly findings: readonly Finding[];
  /** A fifth of each list, by hash, that nobody looked at while writing rules. */
  readonly isHeldOut: boolean;
}

/** `data/attack/text/<name>.jsonl`, each line as the text of a document. */
export const inspectAttacks = (data: string, list: string): Promise<Inspected[]> =>
  inspectLines(join(data, 'attack', 'text', `${list}.jsonl`), (row) => ({
    name: row['id'] ?? '',
    family: row['family'] ?? '',
    text: row['payload'] ?? '',
  }));

/** `data/retrieval/<set>/corpus.jsonl`: ordinary passages. */
export const inspectPassages = (data: string, set: string): Promise<Inspected[]> =>
  inspectLines(join(data, 'retrieval', set, 'corpus.jsonl'), (row) => ({
    name: row['_id'] ?? '',
    text: row['text'] ?? '',
  }));

export const PASSAGE_SETS = [
  'techqa',
  'squad2_small',
  'anthropic_docs',
  ...'en de es ru zh ar hi'.split(' ').map((l) => `xquad/${l}`),
];

async function inspectLines(
  file: string,
  read: (row: Record<string, string>) => { name: string; family?: string; text: string },
): Promise<Inspected[]> {
  if (!existsSync(file)) return [];
  const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const inspected: Inspected[] = [];
  for (const line of rows) {
    // The sets' own format; a wrong one gives empty texts and fails the test that counts them.
    const found = read(JSON.parse(line) as Record<string, string>);
    inspected.push(await inspectOne(found, { sections: [{ headingPath: [], text: found.text }] }));
  }
  return inspected;
}

/**
 * Every file below a folder that the product reads, parsed here. Files that are refused are left out.
 * @param names only these of them
 */
export async function inspectFiles(folder: string, names?: readonly string[]): Promise<Inspected[]> {
  if (!existsSync(folder)) return [];
  const inspected: Inspected[] = [];
  for (const path of filesBelow(folder)) {
    if (names && !names.includes(relative(folder, path))) continue;
    const parsed = await parseFile(path).catch((error: unknown) => {
      if (error instanceof AppError) return undefined;
      throw error;
    });
    if (parsed) {
      const name = relative(folder, path);
      inspected.push(await inspectOne({ name, text: readFileSync(path, 'latin1') }, parsed));
    }
  }
  return inspected;
}

async function inspectOne(
  { name, family = '', text }: { name: string; family?: string; text: string },
  document: ParsedDocument,
): Promise<Inspected> {
  const { findings } = await inspectDocument(document);
  return { name, family, text, findings, isHeldOut: isHeldOut(text) };
}

async function parseFile(path: string): Promise<ParsedDocument> {
  const bytes = readFileSync(path);
  const parser = await identifyFile(PARSERS, { fileName: path.split('/').at(-1) ?? '', mediaType: '', bytes });
  return parser.parse(bytes);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));

/** Families whose attacks are orders to a model: what rules can know. */
export const isOrder = ({ family }: Inspected): boolean =>
  /^(?:ignore_previous_instructions|sysprompt_extraction\b.*|dan|Prompt Injection)$/.test(family);

/** Files in which the parser leaves nothing for a reader or a model: a remark, addresses of links; and one that only carries a mark. */
export const NOTHING_TO_FIND = ['html-comment.md', 'md-link-exfil.md', 'cross-tenant-canary.md'];

const isHeldOut = (text: string): boolean => createHash('sha256').update(text).digest().readUInt32BE(0) % 5 === 0;
