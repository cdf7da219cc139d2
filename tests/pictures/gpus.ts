import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from '../../.config/testTools';
import { promtool, type Running, startProgram } from '../alerting/tools';
import { HOSTS, noise, SWEEP_END, SWEEP_START } from './runs';

const EVERY_MS = 15_000;
const GPUS = [0, 1, 2, 3];

/** What a GPU does at a moment: busy, but for a pause in each of its training steps. */
const GAUGES: Record<string, (busy: number, noise: number, gpu: number) => number> = {
  DCGM_FI_DEV_GPU_UTIL: (busy, random) => 62 + 34 * busy + 2 * random,
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: (busy, random) => 0.14 + 0.3 * busy + 0.01 * random,
  DCGM_FI_DEV_FB_USED: (busy, random, gpu) => 58_000 + 1_500 * gpu + 4_000 * busy + 300 * random,
  DCGM_FI_DEV_POWER_USAGE: (busy, random) => 330 + 290 * busy + 12 * random,
  DCGM_FI_DEV_GPU_TEMP: (busy, random, gpu) => 55 + gpu + 9 * busy + random,
  DCGM_FI_DEV_XID_ERRORS: () => 0,
};

/** The sweep's hours as a DCGM exporter tells them, in OpenMetrics' text. */
function openMetrics(): string {
  const random = noise(7);
  const lines = Object.entries(GAUGES).flatMap(([name, gaugeAt]) => [
    `# TYPE ${name} gauge`,
    ...HOSTS.flatMap((host, h) =>
      GPUS.flatMap((gpu) => {
        const labels = `{gpu="${gpu}",UUID="GPU-${h}-${gpu}",Hostname="${host}",modelName="NVIDIA H100 80GB HBM3"}`;
        const samples = Math.floor((SWEEP_END - SWEEP_START) / EVERY_MS);
        return Array.from({ length: samples }, (_, i) => {
          const minutes = (i * EVERY_MS) / 60_000;
          const busy = 0.55 + 0.45 * Math.sin(minutes / 2.2 + gpu / 5 + h) ** 2 - (minutes % 25 < 1 ? 0.5 : 0);
          const value = gaugeAt(Math.max(0, busy), random(), gpu);
          return `${name}${labels} ${value.toFixed(3)} ${(SWEEP_START + i * EVERY_MS) / 1_000}`;
        });
      }),
    ),
  ]);
  return `${lines.join('\n')}\n# EOF\n`;
}

/** A Prometheus that has the GPUs of the sweep's hours, and asks the store how its runs are, each second. */
export async function startPrometheus(storeUrl: string): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-pictures-'));
  const text = join(folder, 'gpus.txt');
  await writeFile(text, openMetrics());
  const filled = promtool(['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'data')]);
  if (!filled.ok) {
    throw new Error(filled.output);
  }
  const config = join(folder, 'prometheus.yml');
  const target = new URL(storeUrl).host;
  const job = `{job_name: rolloscope, static_configs: [{targets: ["${target}"]}]}`;
  await writeFile(config, `global: {scrape_interval: 1s}\nscrape_configs: [${job}]\n`);
  const running = await startProgram(toolPath('prometheus'), (port) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  return {
    ...running,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
