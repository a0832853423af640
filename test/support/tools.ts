/**
 * Programs that tests use and that a machine may lack. On a newcomer's machine such a test is
 * skipped, with the package to install; on CI (`CI=true`) the missing program is a failure.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, type TestContext } from 'vitest';

/** The tests of this file or `describe` need `command`, which is in Debian's `debianPackage`. */
export function requireTool(command: string, debianPackage: string): void {
  beforeEach((context) => {
    if (!isInstalled(command)) {
      skip(context, `needs ${command}: sudo apt-get install ${debianPackage}`);
    }
  });
}

/** Skips, or on CI fails, the running test for want of something. */
export function skip(context: TestContext, reason: string): void {
  if (process.env['CI']) throw new Error(`nothing is skipped on CI: ${reason}`);
  context.skip(reason);
}

function isInstalled(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
