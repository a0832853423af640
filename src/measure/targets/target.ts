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
  /** It is machine code from its first moment: no thread has to compile anything. */
  readonly isPrecompiled?: boolean;
  /** It answers a constant and stores nothing: what the kernel alone costs, and no server. */
  readonly isFloor?: boolean;
  /** How many clients it serves at once; null where every client always is served. */
  readonly limit: Limit | null;
  /** @param shape what it is going to be asked; only who answers a constant has to know. */
  start(shape?: Shape): Promise<RunningTarget>;
}

/** What a model can't do, by what it is. */
export interface Limit {
  /** More clients than this are not served at once. */
  readonly clients: number;
  /** So many less may be the limit, too: descriptors that the server needs for itself. */
  readonly ownNeed: number;
  /** Why no more: `it serves one client at a time`. */
  readonly why: string;
}

export interface RunningTarget {
  readonly port: number;
  /** All of its processes, now; none once it has ended. */
  pids(): number[];
  stop(): Promise<void>;
  /** How it ended, though nobody had stopped it: `status 134`, `SIGKILL`; '' while it runs. */
  fate(): string;
  /** What it wrote since it listened, where its `Launch` keeps it; else ''. */
  output(): string;
}
