/** What the timeline's page is given, as JSON: numbers and short texts. */

export interface ReportData {
  readonly durationUs: number;
  /** `threads`, or `processes` where each of them is one. */
  readonly servers: 'threads' | 'processes';
  readonly threads: readonly ThreadLane[];
  readonly connections: readonly ConnectionLane[];
  readonly calls: readonly CallMark[];
}

export interface ThreadLane {
  readonly name: string;
}

export interface ConnectionLane {
  readonly name: string;
  readonly address: string;
  /** Microseconds from the picture's beginning; null where nobody saw it. */
  readonly connectedUs: number | null;
  readonly acceptedUs: number | null;
  /**
   * When a worker took it out of the server's queue; null where there is no queue: the thread that
   * accepts serves as well. The picture's end where no worker has come.
   */
  readonly takenUs: number | null;
  readonly closedUs: number | null;
  /** The client's own calls are known as well. */
  readonly bothEnds: boolean;
}

export interface CallMark {
  /** Index of the thread's lane; -1 for a client's. */
  readonly thread: number;
  /** Index of the connection's lane; -1 for none. */
  readonly connection: number;
  readonly who: string;
  readonly name: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly blocked: boolean;
  readonly failed: boolean;
  /** An accept: until it returned, the thread waited for anybody. */
  readonly arrival: boolean;
  /** In a few words. */
  readonly words: string;
  readonly arguments: string;
  readonly bytes: string;
  readonly movedBytes: number;
}
