import { STORE_GAUGES } from '@rolloscope/contract';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Change, Engine } from '../engine/Engine';

/** Seconds of a commit: from a small one to one that waits for a checkpoint. */
const COMMIT_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** The store's own health, for `/metrics`. */
export class StoreMetrics {
  private readonly registry = new Registry();
  private readonly commits = new Histogram({
    name: 'rolloscope_store_commit_seconds',
    help: 'How long commits took.',
    buckets: COMMIT_SECONDS,
    registers: [this.registry],
  });
  private readonly points = this.counter('rolloscope_store_points_total', 'Points stored since the start.');
  private readonly rows = this.counter('rolloscope_store_rows_total', 'Rows stored since the start.');

  constructor(engine: Engine, alertsWaiting: () => number, mediaBytes: () => number) {
    const size = engine.size.bind(engine);
    this.gauge('rolloscope_store_data_bytes', async () => (await size()).bytes);
    this.gauge('rolloscope_store_media_bytes', mediaBytes);
    this.gauge('rolloscope_store_log_bytes', async () => (await size()).log);
    this.gauge('rolloscope_store_disk_free_bytes', async () => (await size()).freeBytes);
    this.gauge('rolloscope_store_alerts_waiting', alertsWaiting);
    this.gauge('process_resident_memory_bytes', () => process.memoryUsage.rss());
    this.gauge('process_start_time_seconds', () => Date.now() / 1_000 - process.uptime());
    const cpu = this.counter('process_cpu_seconds_total', 'Processor time of the store.', () => {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    });
  }

  /** A commit that took so many milliseconds. */
  countCommit(changes: readonly Change[], milliseconds: number): void {
    this.commits.observe(milliseconds / 1_000);
    for (const change of changes) {
      if (change.kind === 'points') {
        this.points.inc(change.values.length);
      } else if (change.kind === 'rows') {
        this.rows.inc(change.times.length);
      }
    }
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private counter(name: string, help: string, collect?: () => void): Counter {
    return new Counter({ name, help, registers: [this.registry], ...(collect && { collect }) });
  }

  private gauge(name: keyof typeof STORE_GAUGES, read: () => number | Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help: STORE_GAUGES[name],
      registers: [this.registry],
      collect: async () => gauge.set(await read()),
    });
  }
}
