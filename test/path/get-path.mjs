/**
 * The way of one warm GET through the source, as V8's precise coverage counts it: which functions
 * run between the return of one epoll_wait and the return of the next, in a server in epoll with
 * one client that sends one request at a time. Prints JSON: the functions in the order of their
 * files, each with its file, its line, and its length in lines.
 *
 *     npm run --silent build && node test/path/get-path.mjs
 */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Board, createBoard, DEFAULT_OPTIONS, posix, serve } from '../../dist/internals.js';

/** Enough for every layer to have seen a request, and for lazy state to be there. */
const WARM_REQUESTS = 2000;

const session = new Session();
session.connect();

function post(method, params) {
  let answer;
  session.post(method, params, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`);
    answer = result;
  });
  return answer;
}

post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

let waits = 0;
let measured;

function epoll_wait(...args) {
  const ready = posix.epoll_wait(...args);
  waits++;
  if (waits === WARM_REQUESTS) post('Profiler.takePreciseCoverage');
  if (waits === WARM_REQUESTS + 1) {
    measured = post('Profiler.takePreciseCoverage').result;
    board.requestStop();
  }
  return ready;
}

const files = createBoard(posix);
const board = new Board(posix, files);

const CLIENT = `
  const { workerData } = require('node:worker_threads');
  const socket = require('node:net').connect(workerData, '127.0.0.1');
  const request = '*2\\r\\n$3\\r\\nGET\\r\\n$3\\r\\nkey\\r\\n';
  socket.setNoDelay(true);
  socket.write('*3\\r\\n$3\\r\\nSET\\r\\n$3\\r\\nkey\\r\\n$5\\r\\nvalue\\r\\n');
  socket.on('data', () => socket.write(request));
  socket.on('error', () => {});
`;

await serve({
  posix: { ...posix, epoll_wait },
  options: {
    ...DEFAULT_OPTIONS,
    listen: [{ protocol: 'resp', bind: '127.0.0.1', port: 0, path: '' }],
  },
  board: files,
  signals: false,
  aborted: new AbortController().signal,
  ready: ({ endpoints }) => {
    new Worker(CLIENT, { eval: true, workerData: endpoints[0].port }).unref();
  },
});

console.log(JSON.stringify(pathOf(measured), null, 1));
process.exit(0);

function pathOf(scripts) {
  const functions = [];
  for (const { url, functions: called } of scripts) {
    if (!url.includes('/dist/')) continue;
    const file = fileURLToPath(url);
    const source = readFileSync(file, 'utf8');
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    for (const { functionName, ranges } of called) {
      const [{ count, startOffset, endOffset }] = ranges;
      if (count === 0) continue;
      const { originalSource, originalLine } = map.findEntry(...positionOf(source, startOffset));
      const end = map.findEntry(...positionOf(source, endOffset - 1));
      functions.push({
        name: functionName,
        file: originalSource.replace(/^.*?src\//, 'src/'),
        line: originalLine + 1,
        lines: end.originalLine - originalLine + 1,
        count,
      });
    }
  }
  return functions.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Zero-based line and column of an offset. */
function positionOf(source, offset) {
  const before = source.slice(0, offset);
  const line = before.split('\n').length - 1;
  return [line, offset - (before.lastIndexOf('\n') + 1)];
}
