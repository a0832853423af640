/**
 * The Node that servers are measured under: the one that measures, unless another one was asked
 * for. The load comes from the one that measures, so that runs under several Nodes differ in their
 * servers alone.
 */
import { execFileSync } from 'node:child_process';

let path = process.execPath;
let version = process.version;

/**
 * Has servers started with this binary from now on. Throws where it is none of Node's.
 */
export function measureUnder(binary: string): void {
  const found = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (!/^v\d+\./.test(found)) throw new Error(`not Node: --version says '${found}'`);
  path = binary;
  version = found;
}

/** Its path. */
export function serverNode(): string {
  return path;
}

/** As `v24.1.0`. */
export function serverNodeVersion(): string {
  return version;
}
