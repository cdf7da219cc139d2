import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../store/app';
import type { Log } from '../../store/http/Log';
import { sha256, type TokenEntry, Tokens } from '../../store/http/Tokens';

export interface OurStore {
  url: string;
  app: App;
  /** What the store wrote to its log. */
  logged: Parameters<Log>[0][];
  stop(): Promise<void>;
}

/** Our store in this process, on a free port and a new folder. */
export async function startOurs(
  tokens: Record<string, Omit<TokenEntry, 'name' | 'sha256'>> = {},
  options: Partial<AppOptions> = {},
): Promise<OurStore> {
  const data = await mkdtemp(join(tmpdir(), 'rolloscope-conformance-'));
  const entries = Object.entries(tokens).map(([token, rest]) => ({ name: token, sha256: sha256(token), ...rest }));
  const logged: OurStore['logged'] = [];
  const app = await createApp({ data, tokens: new Tokens(entries), log: (line) => logged.push(line), ...options });
  const url = await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    app,
    logged,
    async stop() {
      await app.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
