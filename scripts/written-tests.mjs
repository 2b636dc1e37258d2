// The names of all tests as they stand in the spec files, for a look without running them.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './last-report.mjs';

const FOLDERS = ['apps', 'libs', 'scripts', 'test', 'widget'];
const SUITE = /^describe/;
const TEST = /^(it|test)$/;

function* specFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* specFiles(path);
    else if (entry.name.endsWith('spec.ts')) yield path;
  }
}

/** `it` of `it(…)`, `it.each(…)(…)`, `it.each`…`(…)` and `(isThere ? it : it.skip)(…)`. */
function calledName(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return calledName(node.expression);
  if (ts.isConditionalExpression(node)) return calledName(node.whenTrue);
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return calledName(node.expression);
  return ts.isTaggedTemplateExpression(node) ? calledName(node.tag) : '';
}

/** @returns {{ name: string, file: string }[]} of what a loop puts into a name only the ids of statements are known */
export function writtenTests() {
  return FOLDERS.flatMap((folder) => [...specFiles(join(root, folder))]).flatMap(testsIn);
}

function testsIn(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const file = relative(root, path);
  const tests = [];
  const visit = (node, suites) => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    const name =
      title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)) ? textOf(title, source) : null;
    const called = name === null ? '' : calledName(node.expression);
    if (TEST.test(called))
      tests.push({ name: [...suites, name, ...idsInTable(node.expression, source)].join(' '), file });
    const inner = SUITE.test(called) ? [...suites, name] : suites;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return tests;
}

/** Statements named in the rows of `it.each([…])`, which become part of the names only when the tests run. */
function idsInTable(called, source) {
  if (!ts.isCallExpression(called)) return [];
  const ids = called.arguments.flatMap((table) => table.getText(source).match(/\b[A-Z]\d{2}\b/g) ?? []);
  return [...new Set(ids)];
}

const textOf = (title, source) => (ts.isStringLiteralLike(title) ? title.text : title.getText(source).slice(1, -1));
