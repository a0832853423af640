/** Puts the report's page together: what was told, and the scripts that draw it. */
import { readFileSync } from 'node:fs';
import { collect } from '../../observe/report/collect.ts';
import { htmlReport } from '../../observe/report/html.ts';
import { summarise } from '../../observe/summary.ts';
import { packageFile } from '../../paths.ts';
import type { Watch } from './watch.ts';

/** In the order of their dependence. */
const SCRIPTS = ['view', 'note', 'draw', 'timeline'];

export function reportOf(
  title: string,
  sentences: readonly string[],
  watch: Watch,
  originUs: number,
): string {
  return htmlReport({
    title,
    sentences,
    data: collect(watch.told, watch.story, originUs),
    counts: summarise(watch.told),
    scripts: SCRIPTS.map(readScript),
  });
}

function readScript(name: string): string {
  return readFileSync(packageFile(`dist/observe/page/${name}.js`), 'utf8');
}
