/**
 * INFO's fields of what is not here (persistence, replication, scripts, defragmentation): monitors
 * read them, and each has the value of a Redis that does nothing of the kind.
 */
import type { Fields, InfoSource } from './info.ts';

/** `name=0 …` as fields. */
function resting(fields: string): Fields {
  return Object.fromEntries(
    fields.split(/\s+/).map((field) => {
      const [name, value = '0'] = field.split('=');
      return [name, value];
    }),
  );
}

/** Of INFO stats, in Redis' order: before and after what is counted here. */
export const RESTING_SYNCS = resting('sync_full sync_partial_ok sync_partial_err');
export const RESTING_EXPIRY = resting(
  'expired_stale_perc=0.00 expired_time_cap_reached_count expire_cycle_cpu_milliseconds',
);
export const RESTING_EVICTION = resting(
  'total_eviction_exceeded_time current_eviction_exceeded_time',
);
export const RESTING_STATISTICS = resting(
  'pubsub_channels pubsub_patterns ' +
    'pubsubshard_channels latest_fork_usec total_forks migrate_cached_sockets ' +
    'slave_expires_tracked_keys active_defrag_hits active_defrag_misses active_defrag_key_hits ' +
    'active_defrag_key_misses total_active_defrag_time current_active_defrag_time ' +
    'tracking_total_keys tracking_total_items tracking_total_prefixes unexpected_error_replies',
);
export const RESTING_BUFFERS = resting(
  'io_threaded_reads_processed io_threaded_writes_processed reply_buffer_shrinks ' +
    'reply_buffer_expands',
);

const PERSISTENCE = resting(
  'loading async_loading current_cow_peak current_cow_size current_cow_size_age ' +
    'current_fork_perc=0.00 current_save_keys_processed current_save_keys_total',
);

const NO_PERSISTENCE = resting(
  'rdb_last_bgsave_status=ok rdb_last_bgsave_time_sec=-1 rdb_current_bgsave_time_sec=-1 rdb_saves ' +
    'rdb_last_cow_size rdb_last_load_keys_expired rdb_last_load_keys_loaded aof_enabled ' +
    'aof_rewrite_in_progress aof_rewrite_scheduled aof_last_rewrite_time_sec=-1 ' +
    'aof_current_rewrite_time_sec=-1 aof_last_bgrewrite_status=ok aof_rewrites ' +
    'aof_rewrites_consecutive_failures aof_last_write_status=ok aof_last_cow_size ' +
    'module_fork_in_progress module_fork_last_cow_size',
);

/** As of a Redis that has never saved: all changes since its start. */
export function persistenceSection({ startedAtMs, store }: InfoSource): Fields {
  return {
    ...PERSISTENCE,
    rdb_changes_since_last_save: store.statistics.writes,
    rdb_bgsave_in_progress: 0,
    rdb_last_save_time: Math.floor(startedAtMs / 1000),
    ...NO_PERSISTENCE,
  };
}

const REPLICATION = resting(
  'master_repl_offset second_repl_offset=-1 repl_backlog_active repl_backlog_size=1048576 ' +
    'repl_backlog_first_byte_offset repl_backlog_histlen',
);

export function replicationSection({ runId }: InfoSource): Fields {
  return {
    role: 'master',
    connected_slaves: 0,
    master_failover_state: 'no-failover',
    master_replid: runId,
    master_replid2: '0'.repeat(40),
    ...REPLICATION,
  };
}
