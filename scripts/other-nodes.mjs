// Runs the tests that a version of Node could break under the other Nodes that are supported. npm
// has their binaries as packages; they go into a folder for the time of the run. The addon is not
// built again: Node-API is the same for all of them, and that is a part of what is tested.
//
//     node scripts/other-nodes.mjs [--reports FOLDER] [VERSION …]
//
// A version is 22 or 24.1.0; without any it is each supported line but that of the running Node,
// and the newest. `--reports` keeps vitest's report of each: FOLDER/node-22.json.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const PACKAGE = `node-${process.platform}-${process.arch}`;
const LINES = ['20', '22', '24', 'latest'];

/**
 * Where Node itself is met: the addon, threads and processes, buffers, the compiler. What is left
 * out is about other programs (strace, redis-cli, a browser) or about this project's own text.
 */
const TESTS = [
  ...['test/posix', 'test/library', 'test/protocol', 'test/commands', 'test/store'],
  ...['test/modes', 'test/conformance', 'test/server/allocation', 'test/server/thread-start'],
];

/** npm calls each by a name of its own, so that one call brings them all. */
function install(folder, versions) {
  const wanted = versions.map((version) => `node-${version}@npm:${PACKAGE}@${version}`);
  const flags = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status } = spawnSync('npm', ['install', ...flags, ...wanted], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm could not install ${wanted.join(' ')}`);
}

/** Servers under test start with this Node too, by its path or by `node` in PATH. */
function test(folder, version, reports) {
  const node = join(folder, 'node_modules', `node-${version}`, 'bin/node');
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n=== tests under Node ${name}`);
  const report = reports === undefined ? [] : reporters(join(reports, `node-${version}.json`));
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status } = spawnSync(node, [VITEST, 'run', ...TESTS, ...report], {
    ...{ cwd: ROOT, env, stdio: 'inherit' },
  });
  return status === 0;
}

function reporters(file) {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

const { values, positionals } = parseArgs({
  options: { reports: { type: 'string' } },
  allowPositionals: true,
});
const own = process.versions.node.split('.')[0];
const others = LINES.filter((version) => version !== own);
const versions = positionals.length > 0 ? positionals : others;
const folder = mkdtempSync(join(tmpdir(), 'syskv-nodes-'));
try {
  install(folder, versions);
  // Each is run, even where one before it has failed.
  const passed = versions.map((version) => test(folder, version, values.reports));
  process.exitCode = passed.every(Boolean) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
