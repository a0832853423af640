// Builds the addon with node-gyp, and says what to install where a build tool is missing:
// node-gyp's own message names the tool in the middle of a page of log.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

const BINARY = new URL('../build/Release/syskv.node', import.meta.url);
const SOURCES = new URL('../native/', import.meta.url);
const RECIPE = new URL('../binding.gyp', import.meta.url);

const TOOLS = [
  { command: 'python3', what: 'Python 3 (node-gyp is written in it)', debian: 'python3' },
  { command: 'make', what: 'make', debian: 'make' },
  { command: 'c++', what: 'a C++17 compiler', debian: 'g++' },
];

function works(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

function explainMissing() {
  const missing = TOOLS.filter((tool) => !works(process.env[variableOf(tool)] ?? tool.command));
  if (missing.length === 0) return;
  for (const tool of missing) console.error(`syskv: the addon needs ${tool.what}: not found.`);
  const packages = missing.map((tool) => tool.debian).join(' ');
  console.error(`  Debian, Ubuntu:  sudo apt-get install ${packages}`);
  console.error('  Alpine:          sudo apk add python3 make g++');
  console.error('  Fedora:          sudo dnf install python3 make gcc-c++');
  console.error('  macOS:           xcode-select --install');
}

function variableOf(tool) {
  return { python3: 'PYTHON', make: 'MAKE', 'c++': 'CXX' }[tool.command];
}

/** A pulled change of the sources would otherwise meet an addon that does not know of it. */
function isCurrent() {
  if (!existsSync(BINARY)) return false;
  const builtAtMs = statSync(BINARY).mtimeMs;
  const sources = readdirSync(SOURCES).map((name) => new URL(name, SOURCES));
  return [RECIPE, ...sources].every((file) => statSync(file).mtimeMs < builtAtMs);
}

if (process.argv.includes('--if-stale') && isCurrent()) process.exit(0);

const build = spawnSync('node-gyp', ['rebuild'], { stdio: 'inherit' });
if (build.error || build.status !== 0) {
  if (build.error) console.error(`syskv: node-gyp could not be started: ${build.error.message}`);
  explainMissing();
  process.exit(1);
}
