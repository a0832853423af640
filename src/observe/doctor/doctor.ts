/** Examines a machine: what a server may use here, and what would allow it more. */
import { examineBacklog, examineDescriptors, examinePort } from './limits.ts';
import type { Finding, Machine } from './machine.ts';
import { examineAttaching, examineStrace } from './tracing.ts';
import { examineEpoll, examineIoUring, examineKqueue, examineSharing } from './waiting.ts';

export function examine(machine: Machine, port: number): Finding[] {
  return [
    examineEpoll(machine),
    examineKqueue(machine),
    examineIoUring(machine),
    examineSharing(machine),
    examineDescriptors(machine),
    examineBacklog(machine),
    examinePort(machine, port),
    examineStrace(machine),
    examineAttaching(machine),
  ];
}
