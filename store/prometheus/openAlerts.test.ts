import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALERTED } from '@rolloscope/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type App, createApp } from '../app';
import { Tokens } from '../http/Tokens';

let folder: string;
let app: App;
const open = async () => {
  app = await createApp({ data: folder, tokens: new Tokens(), log: () => {} });
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-open-alerts-'));
  await open();
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function send(method: 'PUT' | 'POST', path: string, payload: object): Promise<void> {
  const answer = await app.fastify.inject({ method, url: `/api/v1${path}`, payload, headers: { host: 'localhost' } });
  expect(answer.statusCode, answer.body).toBe(200);
}
async function fail(run: string): Promise<void> {
  await send('PUT', `/runs/${run}`, { project: 'p' });
  await send('POST', `/runs/${run}/log`, { entries: [{ step: 7, metrics: { reward: 1 } }] });
  await send('POST', `/runs/${run}/finish`, { state: 'failed' });
}
/** Open alerts of runs, as they are scraped. */
async function alerts(): Promise<string[]> {
  const { body } = await app.fastify.inject({ url: '/metrics', headers: { host: 'localhost' } });
  const lines = body.split('\n').filter((line) => line.startsWith('rolloscope_alert{'));
  expect(lines.filter((line) => !line.includes('run="') && line.endsWith(' 0')).length).toBe(ALERTED.length);
  return lines.filter((line) => line.includes('run="'));
}
const runsOf = (lines: string[]) => lines.map((line) => /run="([^"]+)"/.exec(line)?.[1]);

it('says of a store of old crashed runs nothing to who looks for the first time, and every crash after it', {
  timeout: 120_000,
}, async () => {
  await Promise.all(Array.from({ length: 80 }, (_, i) => fail(`old-${i}`)));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await alerts()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await fail('new');
  const told = await alerts();
  expect(runsOf(told)).toEqual(['new']);
  expect(told[0]).toContain(
    'title="has failed after step 7",link="d/rolloscope-run-overview/run-overview?var-project=p',
  );
  await app.close();
  await open();
  expect(runsOf(await alerts())).toEqual(['new']);
});

it('names the metric that is not finite, with the step at which it became so, also after a restart', async () => {
  await send('PUT', '/runs/a', { project: 'p', name: 'first' });
  const values = [1, 'NaN', 'NaN', 'NaN'];
  for (const [step, value] of values.entries()) {
    await send('POST', '/runs/a/log', { entries: [{ step, metrics: { 'actor/grad_norm': value } }] });
  }
  await expect.poll(alerts).toHaveLength(1);
  const [line] = await alerts();
  expect(line).toContain('metric="actor/grad_norm"');
  expect(line).toContain('step="1",title="actor/grad_norm is NaN"');
  expect(line).toMatch(
    /link="d\/rolloscope-all-metrics\/all-metrics\?var-project=p&var-run=a&var-step=1&from=\d{13}&to=\d{13}&metrics-1=only.actor%252Fgrad_norm"/,
  );
  await app.close();
  await open();
  await expect.poll(alerts).toEqual([line]);
  await send('POST', '/runs/a/log', { entries: [{ step: 9, metrics: { 'actor/grad_norm': 1 } }] });
  await expect.poll(alerts).toEqual([]);
});

it('says nothing of a run that is muted or has ended', async () => {
  await send('PUT', '/runs/a', { project: 'p' });
  await send('POST', '/runs/a/log', { entries: [{ step: 1, metrics: { loss: 'NaN' } }] });
  await expect.poll(alerts).toHaveLength(1);
  await send('PUT', '/runs/a', { project: 'p', tags: ['alerts:off'] });
  expect(await alerts()).toEqual([]);
  await send('PUT', '/runs/a', { project: 'p', tags: [] });
  expect(await alerts()).toHaveLength(1);
  await send('POST', '/runs/a/finish', {});
  expect(await alerts()).toEqual([]);
});
