/** The project's own files, read as data: what they import, and how long their functions are. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** From the project's root: `src/drivers/accept.ts`. */
  path: string;
  text: string;
  lines: readonly string[];
}

export interface Import {
  /** A module's name (`node:fs`), or the path of a file of the project. */
  from: string;
  /** Gone once the types are erased. */
  typeOnly: boolean;
}

export interface Length {
  name: string;
  lines: number;
}

/** The files that git knows or would take, below these folders, with these endings. */
export function filesOf(folders: readonly string[], endings: readonly string[]): SourceFile[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders];
  return execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .flatMap(readSource);
}

/** None where git lists a file that has been deleted. */
function readSource(path: string): SourceFile[] {
  try {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return [{ path, text, lines: text.replace(/\n$/, '').split('\n') }];
  } catch {
    return [];
  }
}

export function importsOf({ path, text }: SourceFile): Import[] {
  return nodesOf(text)
    .filter((node) => MODULE_NODES.has(node.type) && node.source != null)
    .map((node) => ({
      from: resolve(path, (node.source as { value: string }).value),
      typeOnly: node.importKind === 'type' || node.exportKind === 'type',
    }));
}

function resolve(importer: string, target: string): string {
  return target.startsWith('.') ? join(dirname(importer), target) : target;
}

const MODULE_NODES: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ImportExpression',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
]);

/**
 * The functions and methods of a TypeScript file. A function declared within another one counts by
 * itself, not in its container: a poller's `create` is as long as what is left without its verbs.
 */
export function functionsOf({ text }: SourceFile): Length[] {
  const names = new Map<unknown, string>();
  const nodes = nodesOf(text);
  for (const node of nodes) {
    const key = (node.key ?? node.id) as { name?: string } | null | undefined;
    if (key?.name !== undefined) names.set(node.value ?? node.init ?? node, key.name);
  }
  return nodes
    .filter((node) => FUNCTION_NODES.has(node.type) && node.body != null)
    .map((node) => ({
      name: names.get(node) ?? 'an unnamed function',
      lines: linesOf(text, node) - declaredWithin(text, node),
    }));
}

function linesOf(text: string, { start, end }: Node): number {
  return text.slice(start, end).split('\n').length;
}

function declaredWithin(text: string, { body }: Node): number {
  const statements = (body as { body?: unknown }).body;
  if (!Array.isArray(statements)) return 0;
  return (statements as Node[])
    .filter(({ type }) => type === 'FunctionDeclaration')
    .reduce((lines, statement) => lines + linesOf(text, statement), 0);
}

const FUNCTION_NODES: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

/**
 * The names that a file declares: of types, functions, classes, variables, members and parameters.
 */
export function namesOf({ text }: SourceFile): string[] {
  return nodesOf(text)
    .filter((node) => node.type === 'Identifier' || node.type === 'PrivateIdentifier')
    .map((node) => String(node.name));
}

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

function nodesOf(text: string): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      found.push(value);
      Object.values(value).forEach(visit);
    }
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/**
 * The functions of a C++ file, told by the layout that native/ keeps: a definition begins in the
 * first column, namespaces do not indent, and its closing brace stands alone in the first column.
 */
export function nativeFunctionsOf({ lines }: SourceFile): Length[] {
  const found: Length[] = [];
  let start = -1;
  lines.forEach((line, index) => {
    if (/^[A-Za-z].*\(/.test(line) && !line.endsWith(';')) start = index;
    if (line !== '}' || start < 0) return;
    const name = /([\w:~]+)\(/.exec(lines[start])?.[1] ?? lines[start];
    found.push({ name, lines: index - start + 1 });
    start = -1;
  });
  return found;
}

/** Lines of a C++ file that declare something which lives as long as the library and can change. */
export function nativeMutableStateOf({ lines }: SourceFile): string[] {
  return lines.filter((line) => {
    if (/^\s*(static|thread_local)\b/.test(line)) return !/\b(const|constexpr)\b|\(/.test(line);
    return /^[A-Za-z][\w:<>,\s*&]*\s[\w[\]]+(\s*=.*|\{.*\})?;$/.test(line) && !CONSTANT.test(line);
  });
}

const CONSTANT = /^(using|typedef|namespace|struct|class|enum|extern|constexpr|const|return)\b/;
