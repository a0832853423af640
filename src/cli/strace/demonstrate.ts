/** `--demo`: a server, and the clients of a story. */
import type { StoryName } from '../../observe/proof/stories.ts';
import { posix } from '../../posix/native.ts';
import { type ModeName, modeOf } from '../../server/modes.ts';
import { Refusal } from '../refusal.ts';
import type { StraceFlags } from '../strace.ts';
import { nowUs } from './backlog-watch.ts';
import { follow, newView, newWatch, open, sinkOf, titleOf } from './commands.ts';
import { type Demo, isDemoClient, leaveDescriptors, playDemo, settled } from './demo.ts';
import { finish } from './finish.ts';
import { type DemoStory, refusalOfStory, storyOf } from './stories.ts';
import type { Watch } from './watch.ts';

export async function demonstrate(
  mode: ModeName,
  name: StoryName,
  typed: readonly string[],
  flags: StraceFlags,
): Promise<number> {
  const refusal = modeOf(mode).refusal?.(posix) || refusalOfStory(name, mode);
  if (refusal) throw new Refusal(refusal);
  const story = storyOf(name, mode, typed);
  const view = newView();
  const watch = newWatch(view, flags, { fromStart: true, isClient: isDemoClient }, true);
  const player = new Player(story, watch, () => source.stop());
  const sink = sinkOf(watch, view, (address, pid) => player.begin(address, pid));
  // What moves the bytes may be no system call: strace would show nothing but waiting.
  const recorder = flags.recorder || modeOf(mode).ownTransfer === true;
  const serveFlags = ['--mode', mode, ...portFlags(typed), ...story.flags, ...typed];
  const source = open(serveFlags, { ...flags, recorder }, sink, view);
  const timer = setInterval(() => watch.release(nowUs()), RELEASE_EVERY_MS);
  const interrupted = await follow(source, watch).finally(() => {
    clearInterval(timer);
    player.end();
  });
  if (!interrupted && player.failure !== undefined) throw player.failure;
  const title = ['syskv strace --demo', mode, ...storyFlags(name), ...story.flags, ...typed];
  finish(watch, view, flags, titleOf(title), interrupted ? undefined : name);
  return 0;
}

/** A port of nobody's, unless there is to be no port. */
function portFlags(typed: readonly string[]): string[] {
  return typed.some((flag) => /^--(unixsocket|listen)(=|$)/.test(flag)) ? [] : ['--port', '0'];
}

function storyFlags(name: StoryName): string[] {
  return name === 'second-client' ? [] : ['--story', name];
}

/** Plays the story once the server listens, and then has it stopped. */
class Player {
  /** Why the story could not be played. */
  failure: unknown;
  readonly #story: DemoStory;
  readonly #watch: Watch;
  readonly #stop: () => void;
  #demo: Demo | undefined;
  #begun = false;
  #over = false;

  constructor(story: DemoStory, watch: Watch, stop: () => void) {
    this.#story = story;
    this.#watch = watch;
    this.#stop = stop;
  }

  /** A server may listen at several addresses: the clients come to the first. */
  begin(address: string, pid: number): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#play(address, pid)
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => setTimeout(this.#stop, LINGER_MS));
  }

  end(): void {
    this.#over = true;
    this.#demo?.end();
  }

  async #play(address: string, pid: number): Promise<void> {
    await settled(pid);
    if (this.#over) return;
    const { scripts, descriptors } = this.#story;
    if (descriptors !== undefined) await leaveDescriptors(pid, descriptors);
    this.#demo = playDemo(address, scripts, (line) => this.#watch.line(line));
    await this.#demo.ended;
  }
}

const RELEASE_EVERY_MS = 50;
/** After the last client has left: its close is still to be seen. */
const LINGER_MS = 300;
