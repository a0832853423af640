/** What is measured: a server that can be started, as many times as there are scenarios. */
import type { Shape } from '../scenarios.ts';

export interface Target {
  /** As it is named on the command line and in reports: `epoll`, `redis-server`. */
  readonly name: string;
  /** A reference is not one of our own models: it is what they are compared with. */
  readonly reference: boolean;
  /** Why this machine can't run it; '' where it can. */
  readonly refusal: string;
  /** With its version, for the report. */
  readonly description: string;
  /** Why some clients may not be served; '' where every client always is. */
  readonly limit: string;
  /** @param shape what it is going to be asked; only who answers a constant has to know. */
  start(shape?: Shape): Promise<RunningTarget>;
}

export interface RunningTarget {
  readonly port: number;
  /** All of its processes, now. */
  pids(): number[];
  stop(): Promise<void>;
  /** What it wrote since it listened, where its `Launch` keeps it; else ''. */
  output(): string;
}
