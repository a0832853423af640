/**
 * The project's habits, checked: who may import whom, how long things are, what they are called.
 */
import { describe, expect, test } from 'vitest';
import {
  filesOf,
  functionsOf,
  importsOf,
  namesOf,
  nativeFunctionsOf,
  nativeMutableStateOf,
  type SourceFile,
} from './support/source.ts';

const SOURCES = filesOf(['src'], ['.ts']);
const NATIVE = filesOf(['native'], ['.cc', '.h']);
const SCRIPTS = filesOf(['bin', 'scripts', 'bench', '.ci'], ['.ts', '.mjs', '.js', 'run', 'syskv']);
const TESTS = filesOf(['test'], ['.ts']);
const EVERYTHING = [...SOURCES, ...NATIVE, ...SCRIPTS, ...TESTS];

/** What each folder of src/ may import besides itself. `node:` stands for all of Node's modules. */
const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'src/bytes': [],
  'src/protocol': ['src/bytes'],
  'src/store': ['src/bytes'],
  'src/commands': ['src/bytes', 'src/store', 'src/protocol/arguments.ts', 'src/protocol/reply.ts'],
  'src/posix': ['node:', 'src/paths.ts'],
  'src/drivers': ['src/bytes', 'src/posix'],
  'src/server': [
    'node:',
    'src/bytes',
    'src/commands',
    'src/drivers',
    'src/observe',
    'src/paths.ts',
    'src/posix',
    'src/protocol',
    'src/store',
    'src/version.ts',
  ],
  'src/measure': [
    'node:',
    'simple-statistics',
    'src/paths.ts',
    'src/posix',
    'src/version.ts',
    'uplot',
  ],
  'src/client': ['src/posix', 'src/protocol'],
  'src/observe': ['node:', 'src/posix', 'src/protocol/secrets.ts'],
  'src/bench': [
    'node:',
    'commander',
    'src/cli',
    'src/measure',
    'src/posix',
    'src/server',
    'src/store',
  ],
  'src/cli': [
    'node:',
    'commander',
    'src/client',
    'src/drivers',
    'src/measure',
    'src/observe',
    'src/paths.ts',
    'src/posix',
    'src/server',
    'src/version.ts',
  ],
};

/** Folders that get the system calls handed in, so that others can stand in for the kernel. */
const HANDED_POSIX = ['src/client', 'src/drivers', 'src/server'];

/** Where threads and processes begin: nobody is above them to hand anything in. */
const ENTRIES = 'src/server/entries/';

const MOST_FUNCTION_LINES = 60;
const MOST_FILE_LINES = 400;
const MOST_COLUMNS = 100;

/** Longer functions, each with the reason why it is clearer long. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

/** Longer files, each with the reason why it is clearer whole. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** Files with wider lines, each with the reason. */
const WIDE_FILES: readonly [files: RegExp, reason: string][] = [
  [/^src\/commands\/rows-\w+\.ts$/, 'a row of the command table is read as a line or two'],
  [/^src\/\w+\/report\/(html|style)\.ts$/, 'a line of HTML or CSS is one piece of text'],
];

/** One literal with at most a beginning before it: cut in two, a search would miss it. */
const UNBREAKABLE = /\s*(return |\| \{|const \w+ = |[\w.]+: )?(["'`]|\/(?![*/])).*\2[;,)]*( \+)?$/;

/** Native files that keep state between calls, each with the reason. */
const NATIVE_STATE: Readonly<Record<string, string>> = {
  'native/signal.cc': 'a signal handler has no other way to find what it has to wake',
};

describe('imports', () => {
  test.each(Object.entries(ALLOWED_IMPORTS))('%s imports only %j', (folder, allowed) => {
    expect(offendersIn(folder, (from) => ![folder, ...allowed].some(isPartOf(from)))).toEqual([]);
  });

  test('every folder of src has a rule', () => {
    const folders = SOURCES.map(folderOf).filter((folder) => folder !== 'src');
    expect([...new Set(folders)].filter((folder) => !(folder in ALLOWED_IMPORTS))).toEqual([]);
  });

  test.each(HANDED_POSIX)('%s gets its system calls as an argument', (folder) => {
    const loadsAddon = (from: string) => /^src\/posix\/(native|index)\.ts$/.test(from);
    const offenders = offendersIn(folder, loadsAddon);
    expect(offenders.filter((line) => !line.startsWith(ENTRIES))).toEqual([]);
  });
});

describe('places', () => {
  test('only src/cli and src/bench print or exit', () => {
    const elsewhere = SOURCES.filter((file) => !/^src\/(cli|bench)\//.test(file.path));
    const found = matches(
      elsewhere,
      /^(?!\s*(\*|\/\/)).*\b(console\.|process\.(std(out|err)|exit\b))/,
    );
    expect(found.filter((line) => !line.startsWith(ENTRIES))).toEqual([]);
  });

  test('only src/server/modes.ts chooses by mode', () => {
    const composed = SOURCES.filter((file) => /^src\/(server|drivers)\//.test(file.path));
    const elsewhere = composed.filter((file) => file.path !== 'src/server/modes.ts');
    expect(matches(elsewhere, /\bmode\s*[!=]==?\s|switch \(.*\bmode\)/)).toEqual([]);
  });

  test.each(['src/bytes', 'src/protocol', 'src/store', 'src/commands', 'src/drivers'])(
    '%s knows one type of bytes: Uint8Array',
    (folder) => {
      const files = SOURCES.filter((file) => folderOf(file) === folder);
      expect(files.filter((file) => namesOf(file).includes('Buffer')).map(pathOf)).toEqual([]);
    },
  );

  test.each(['src/protocol', 'src/store', 'src/commands'])(
    '%s asks nobody for the time or for chance',
    (folder) => {
      const files = SOURCES.filter((file) => folderOf(file) === folder);
      const asked = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(/;
      expect(matches(files, asked)).toEqual([]);
    },
  );

  test('native code keeps no state between calls', () => {
    const stateful = NATIVE.filter((file) => nativeMutableStateOf(file).length > 0).map(pathOf);
    expect(stateful.filter((path) => !(path in NATIVE_STATE))).toEqual([]);
  });
});

describe('sizes', () => {
  test(`functions have at most ${MOST_FUNCTION_LINES} lines`, () => {
    const measured = [
      ...listLengths(SOURCES, functionsOf),
      ...listLengths(NATIVE, nativeFunctionsOf),
    ];
    const long = measured.filter(({ lines }) => lines > MOST_FUNCTION_LINES);
    expect(long.filter(({ name }) => !(name in LONG_FUNCTIONS))).toEqual([]);
  });

  test(`files have at most ${MOST_FILE_LINES} lines`, () => {
    const long = EVERYTHING.filter(({ lines }) => lines.length > MOST_FILE_LINES).map(pathOf);
    expect(long.filter((path) => !(path in LONG_FILES))).toEqual([]);
  });

  test(`lines have at most ${MOST_COLUMNS} columns`, () => {
    const files = EVERYTHING.filter(({ path }) => !WIDE_FILES.some(([wide]) => wide.test(path)));
    const wide = new RegExp(`^(?!${UNBREAKABLE.source}).{${MOST_COLUMNS + 1},}`);
    expect(matches(files, wide)).toEqual([]);
  });

  test('every exception is still needed', () => {
    const functions = [
      ...listLengths(SOURCES, functionsOf),
      ...listLengths(NATIVE, nativeFunctionsOf),
    ].filter(({ lines }) => lines > MOST_FUNCTION_LINES);
    const files = EVERYTHING.filter(({ lines }) => lines.length > MOST_FILE_LINES);
    const needed = [...functions.map(({ name }) => name), ...files.map(pathOf)];
    const listed = [...Object.keys(LONG_FUNCTIONS), ...Object.keys(LONG_FILES)];
    expect(listed.filter((name) => !needed.includes(name))).toEqual([]);
  });
});

describe('words', () => {
  test('no name says Manager, Helper or Util', () => {
    const vague = /(^|[a-z#_])(Manager|Helper|Util)s?([A-Z_]|$)/;
    const files = [...SOURCES, ...TESTS];
    const named = files.filter((file) => namesOf(file).some((name) => vague.test(name)));
    expect(named.map(pathOf)).toEqual([]);
    expect(EVERYTHING.filter(({ path }) => /manager|helper|util/i.test(path)).map(pathOf)).toEqual(
      [],
    );
  });

  test('nothing is left to do in a comment', () => {
    expect(matches(EVERYTHING, /\b(TO[D]O|FIXM[E]|XX[X])\b/)).toEqual([]);
  });

  test('no test is skipped or singled out', () => {
    expect(matches(TESTS, /\b(test|it|describe)\.(skip|only|todo|fails)\b/)).toEqual([]);
  });
});

function folderOf({ path }: SourceFile): string {
  return path
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/\/[^/]+\.ts$/, '');
}

function pathOf({ path }: SourceFile): string {
  return path;
}

/**
 * A rule that ends in `:` or `.ts` names modules by their beginning, another one names a folder.
 */
function isPartOf(from: string): (rule: string) => boolean {
  return (rule) => from === rule || from.startsWith(rule.endsWith(':') ? rule : `${rule}/`);
}

function offendersIn(folder: string, isForbidden: (from: string) => boolean): string[] {
  return SOURCES.filter((file) => folderOf(file) === folder).flatMap((file) =>
    importsOf(file)
      .filter(({ from }) => isForbidden(from))
      .map(({ from }) => `${file.path} imports ${from}`),
  );
}

/** Where a pattern occurs, as `path:line`. */
function matches(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

function listLengths(
  files: readonly SourceFile[],
  measure: (file: SourceFile) => { name: string; lines: number }[],
): { name: string; lines: number }[] {
  return files.flatMap((file) =>
    measure(file).map(({ name, lines }) => ({ name: `${file.path} ${name}`, lines })),
  );
}
