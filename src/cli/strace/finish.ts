/** The end of a watch: what it proves, and the reports. */
import { writeFileSync } from 'node:fs';
import { perfettoTrace } from '../../observe/perfetto.ts';
import { prove } from '../../observe/proof/prove.ts';
import { proveStory, type StoryName } from '../../observe/proof/stories.ts';
import { reportOf } from './html.ts';
import type { View } from './view.ts';
import type { Watch } from './watch.ts';

/** Files to write. */
export interface Report {
  html?: string;
  perfetto?: string;
}

/** @param title what was watched: `syskv strace --demo blocking`. */
export function finish(
  watch: Watch,
  view: View,
  report: Report,
  title: string,
  name: StoryName = 'second-client',
): void {
  const originUs = Number.isNaN(view.originUs) ? firstOf(watch) : view.originUs;
  const sentences = [...proveStory(name, watch.story), ...prove(watch.story, originUs)];
  view.print('');
  for (const sentence of sentences) view.heading(sentence);
  if (report.html !== undefined) {
    writeFileSync(report.html, reportOf(title, sentences, watch, originUs), PRIVATE);
    view.print(`timeline: ${report.html}`);
  }
  if (report.perfetto !== undefined) {
    const trace = perfettoTrace(watch.told, originUs);
    writeFileSync(report.perfetto, `${JSON.stringify(trace)}\n`, PRIVATE);
    view.print(`trace for https://ui.perfetto.dev: ${report.perfetto}`);
  }
  if (watch.dropped > 0 && (report.html ?? report.perfetto) !== undefined) {
    view.print(
      `the reports show the first ${watch.told.length} calls, not the last ${watch.dropped}`,
    );
  }
}

/** A new file is for this user alone: it holds what clients have said. */
const PRIVATE = { mode: 0o600 };

function firstOf(watch: Watch): number {
  return watch.told[0]?.event.startUs ?? 0;
}
