import { createServer } from 'node:http';

const GAUGES: Record<string, number> = {
  DCGM_FI_DEV_GPU_UTIL: 87,
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: 0.4,
  DCGM_FI_DEV_FB_USED: 60_000,
  DCGM_FI_DEV_POWER_USAGE: 410,
  DCGM_FI_DEV_GPU_TEMP: 61,
  DCGM_FI_DEV_XID_ERRORS: 0,
};

/** Says what NVIDIA's DCGM exporter says: of one GPU each of three hosts, the hostname's label in both spellings. */
export async function startGpuExporter(hosts: Array<{ label: 'Hostname' | 'hostname'; host: string }>) {
  const lines = Object.entries(GAUGES).flatMap(([name, value]) => [
    `# TYPE ${name} gauge`,
    ...hosts.map(({ label, host }, i) => `${name}{gpu="${i}",UUID="GPU-${i}",${label}="${host}",pod=""} ${value}`),
  ]);
  return startExporter(lines);
}

/** Says these lines at `/metrics`. */
export async function startExporter(lines: readonly string[]) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(`${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    target: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
