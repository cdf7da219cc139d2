import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../../.config/testTools';
import { type StartedStore, startStore } from '../bench/startStore';
import { bin, runCommand } from '../clients/runCommand';
import { runProcess } from '../processes/startProcess';

/** Clears the screen, sets the title, turns text round, and says something of its own on a line of its own. */
const EVIL = 'a\u001b[2J\u001b]0;t\u0007\u009b31m\u0090\u202eb\u2066\u2028\r\nFORGED: all is well\u200b';
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-terminal-'));
const state = join(folder, 'state');
let store: StartedStore;
let liar: Server;
let lies: string;

beforeAll(async () => {
  store = await startStore({ data: join(folder, `data ${EVIL}`) });
  // A store, or what is between, that answers with whatever it likes.
  liar = createServer((request, response) => {
    const isPut = request.method === 'PUT';
    response.writeHead(isPut ? 409 : 404, { 'content-type': 'application/json' });
    response.end(isPut ? JSON.stringify({ error: { code: EVIL, message: EVIL } }) : EVIL);
  }).listen(0, '127.0.0.1');
  await once(liar, 'listening');
  lies = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await store.stop();
  liar.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder with files of hostile names and contents, in a folder of a hostile name. */
function hostileRun(name: string): string {
  const run = join(folder, `project ${EVIL}`, `${name} ${EVIL}`);
  mkdirSync(run, { recursive: true });
  const lines = [
    { step: 1, [`loss ${EVIL}`]: 1, [EVIL]: 'text', nested: { [EVIL]: [1] } },
    { step: EVIL, loss: 1 },
    { step: 2, loss: 1, unknown: EVIL },
  ];
  writeFileSync(
    join(run, 'metrics.jsonl'),
    `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot ${EVIL}\n{"st`,
  );
  writeFileSync(join(run, `rows ${EVIL}.csv`), `step,${JSON.stringify(EVIL)}\n1,2\n1,2,3\n`);
  writeFileSync(join(run, `${EVIL}.pkl`), '');
  writeFileSync(join(run, `${EVIL}.jsonl`), '{"prompt": "p", "reward": 1}\nbroken\n');
  return run;
}

/** Lines of a command's output hold no control and no override, and none was begun by a name. */
function expectDisarmed({ stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const line of `${stdout}${stderr}`.split('\n')) {
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u202a-\u202e\u2066-\u2069]/u);
    expect(line).not.toMatch(/^FORGED/);
  }
}

describe('whatever a name holds, a command writes it out', () => {
  it('of folders, files, runs, columns and records that are imported', async () => {
    const args = ['import', hostileRun('once'), '--url', store.url, '--state', state, '--format', 'plain'];
    const said = await runCommand(...args);
    expectDisarmed(said);
    expect(said.stdout).toContain('\\u001b[2J');
    expect(said.stderr).toContain('FORGED');
    expectDisarmed(await runCommand(...args));
    expectDisarmed(await runCommand(...args, '--again', '--run', EVIL, '--project', EVIL, '--group', EVIL));
  });

  it('of what is not there, or not known', async () => {
    for (const args of [
      [EVIL],
      ['import', join(folder, EVIL)],
      ['import', folder, '--format', EVIL],
      ['import', `--${EVIL}`],
      ['serve', EVIL],
      ['serve', '--port', EVIL],
      ['serve', '--host', EVIL],
      ['serve', '--tokens', join(folder, EVIL)],
      ['serve', '--alerts', join(folder, EVIL)],
      ['backup', folder, '--data', join(folder, EVIL)],
    ]) {
      const said = await runCommand(...args);
      expect(said.code, JSON.stringify(args)).toBeGreaterThan(0);
      expect(said.stderr.split('\n').length, said.stderr).toBeLessThanOrEqual(3);
      expectDisarmed(said);
    }
    const empty = join(folder, `empty ${EVIL}`);
    mkdirSync(empty);
    const said = await runCommand('import', empty, '--url', store.url, '--state', state);
    expect(said.stderr).toMatch(/Looked for, by --format:\n {2}\w/);
    expectDisarmed(said);
  });

  it('of copies and of a store that starts', async () => {
    const said = await runCommand('backup', join(folder, `copy ${EVIL}`), '--data', store.data);
    expect(said.stdout).toContain('Backed up');
    expectDisarmed(said);
    const port = new URL(store.url).port;
    expectDisarmed(await runCommand('serve', '--port', port, '--data', join(folder, `other ${EVIL}`)));
    expectDisarmed({ stdout: '', stderr: store.stderr() });
  });

  it('of what a store answers', async () => {
    const said = await runCommand('import', hostileRun('lied'), '--url', lies, '--state', state, '--format', 'plain');
    expect(said.code).toBe(1);
    expect(said.stderr).toContain('FORGED');
    expectDisarmed(said);
  });

  it('of a URL, without the password in it', async () => {
    const url = 'http://me:very-secret@127.0.0.1:9';
    const said = await runCommand('import', hostileRun('secret'), '--url', url, '--state', state, '--format', 'plain');
    expect(said.code).toBe(1);
    expect(said.stderr).not.toContain('very-secret');
    expectDisarmed(said);
  });

  it('on a terminal, too, where a bar says how far it is', async () => {
    const args = [process.execPath, bin, 'import', hostileRun('bar'), '--url', store.url, '--state', state];
    const script = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const { stdout: seen } = await runProcess(toolPath('python'), ['-c', script, ...args, '--format', 'plain']);
    expect(seen).toContain('took');
    // The terminal ends a line with a return; the bar goes back to the begin of its own line.
    expectDisarmed({ stdout: seen.replaceAll('\r\u001b[K', '').replaceAll('\r\n', '\n'), stderr: '' });
  });
});

it('a line of the log is one line, and holds what a header or a name says written out', async () => {
  const tokens = join(folder, `tokens ${EVIL}.json`);
  writeFileSync(tokens, JSON.stringify([{ name: EVIL, token: 't', scopes: ['read'], projects: [EVIL] }]), {
    mode: 0o644,
  });
  const other = await startStore({ args: ['--tokens', tokens] });
  try {
    writeFileSync(tokens, JSON.stringify([{ name: EVIL, scopes: ['read'], projects: [EVIL] }]));
    other.process.kill('SIGHUP');
    await expect.poll(() => other.stderr()).toContain('tokens_kept');
    expectDisarmed({ stdout: '', stderr: other.stderr() });
    for (const line of other.stderr().trimEnd().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('event');
    }
  } finally {
    await other.stop();
  }
});
