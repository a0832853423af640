/** INFO memory. */
import { totalmem } from 'node:os';
import { limitOf } from './client-memory.ts';
import { HELD_BYTES } from './counters.ts';
import type { Fields, InfoSource } from './info.ts';

export function memorySection({ store, settings, memory, board, options }: InfoSource): Fields {
  const { usedBytes, peakBytes, startupBytes, clientsBytes, residentBytes } = memory();
  const maxmemory = settings.get('maxmemory');
  const dataBytes = Math.max(0, usedBytes - startupBytes);
  const overBytes = residentBytes - usedBytes;
  const ratio = (usedBytes === 0 ? 0 : residentBytes / usedBytes).toFixed(2);
  const system = totalmem();
  return {
    used_memory: usedBytes,
    used_memory_human: human(usedBytes),
    used_memory_rss: residentBytes,
    used_memory_rss_human: human(residentBytes),
    used_memory_peak: peakBytes,
    used_memory_peak_human: human(peakBytes),
    used_memory_peak_perc: percent(usedBytes, peakBytes),
    used_memory_overhead: startupBytes + clientsBytes,
    used_memory_startup: startupBytes,
    used_memory_dataset: dataBytes,
    used_memory_dataset_perc: percent(dataBytes, usedBytes),
    used_memory_heap: process.memoryUsage().heapUsed,
    allocator_allocated: usedBytes,
    allocator_active: usedBytes,
    allocator_resident: residentBytes,
    total_system_memory: system,
    total_system_memory_human: human(system),
    ...NO_SCRIPTS,
    maxmemory,
    maxmemory_human: human(Number(maxmemory)),
    maxmemory_policy: settings.get('maxmemory-policy'),
    allocator_frag_ratio: '1.00',
    allocator_frag_bytes: 0,
    allocator_rss_ratio: ratio,
    allocator_rss_bytes: overBytes,
    rss_overhead_ratio: '1.00',
    rss_overhead_bytes: 0,
    mem_fragmentation_ratio: ratio,
    mem_fragmentation_bytes: overBytes,
    mem_not_counted_for_evict: 0,
    mem_replication_backlog: 0,
    mem_total_replication_buffers: 0,
    mem_clients_slaves: 0,
    mem_clients_normal: clientsBytes,
    mem_cluster_links: 0,
    mem_aof_buffer: 0,
    mem_allocator: 'syskv',
    active_defrag_running: 0,
    lazyfree_pending_objects: 0,
    lazyfreed_objects: 0,
    syskv_maxmemory: store.statistics.limitBytes,
    syskv_maxmemory_clients: limitOf(options),
    syskv_unfinished_requests_bytes: board.total(HELD_BYTES),
  };
}

/** There are no scripts and no functions. */
const NO_SCRIPTS = {
  used_memory_lua: 0,
  used_memory_vm_eval: 0,
  used_memory_lua_human: '0B',
  used_memory_scripts_eval: 0,
  number_of_cached_scripts: 0,
  number_of_functions: 0,
  number_of_libraries: 0,
  used_memory_vm_functions: 0,
  used_memory_vm_total: 0,
  used_memory_vm_total_human: '0B',
  used_memory_functions: 0,
  used_memory_scripts: 0,
  used_memory_scripts_human: '0B',
};

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(2)}%`;
}

/** As Redis words sizes: `1.50M`. */
export function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(2)}${units[unit]}`;
}
