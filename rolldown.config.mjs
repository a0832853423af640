// The package's JavaScript: src/ in a few dozen files, because Node opens, resolves and links every
// module by itself, and two hundred of them take longer than all else that a server does to start.
// All files lie side by side: src/paths.ts finds its way from any of them.
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: {
    // What package.json exports and bin/ runs.
    index: 'src/index.ts',
    posix: 'src/posix/index.ts',
    cli: 'src/cli/main.ts',
    // What threads and processes begin with.
    worker: 'src/server/entries/worker.ts',
    child: 'src/server/entries/child.ts',
    embedded: 'src/server/entries/embedded.ts',
    load: 'src/measure/entries/load.ts',
    'demo-client': 'src/cli/strace/demo-client.ts',
    // What only a checkout runs.
    bench: 'src/bench/main.ts',
    'bench-memory': 'src/bench/memory/main.ts',
    internals: 'src/internals.ts',
  },
  platform: 'node',
  // Dependencies stay packages of their own, and so do Node's modules.
  external: /^[a-z]/,
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    // Nobody reads them here, and Node would at every start.
    comments: false,
    chunkFileNames: '[name].js',
  },
});
