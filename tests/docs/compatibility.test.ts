import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as mlflow from '../mlflow/versions';
import { KUBERNETES } from '../release/checkers';
import { NODES } from '../release/nodes';
import * as trackio from '../trackio/versions';
import { ENVIRONMENTS, SOURCES } from '../trainers/environments';
import { RECIPES } from '../trainers/recipes';
import * as wandb from '../wandb/versions';
import { root } from './pages';

const page = readFileSync(join(root, 'docs/compatibility.md'), 'utf8');
const packages = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** The cells of the row whose first cell begins so. */
function row(first: string): string[] {
  const line = page.split('\n').find((one) => one.startsWith(`| ${first}`));
  return (
    line
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(1, -1) ?? []
  );
}

it('names the Grafanas and Reacts whose packages are installed', () => {
  const newer = packages('package.json').devDependencies;
  const older = packages('tests/react18/package.json').dependencies;
  for (const { '@grafana/data': grafana, react } of [newer, older]) {
    expect(row(grafana)[1], grafana).toBe(react);
  }
  const { services } = parse(readFileSync(join(root, 'docker-compose.yaml'), 'utf8'));
  const [, image] = /:([\d.]+)@/.exec(services.grafana.image) ?? [];
  expect(page).toContain(`\`docker-compose.yaml\` starts ${image}`);
});

it('names the Nodes that the store’s package is tried on, and that of the image', () => {
  expect(row(NODES.join(', '))).toHaveLength(2);
  const [, image] = /^FROM node:([\d.]+)-/m.exec(readFileSync(join(root, 'store/Dockerfile'), 'utf8')) ?? [];
  expect(page).toContain(`Node ${image} on Debian`);
  expect(page).toContain(`Kubernetes ${KUBERNETES}`);
});

it('names the versions of clients that the tests run, and no others', () => {
  for (const [name, { NEWEST, OLDER }] of Object.entries({ wandb, 'mlflow-skinny': mlflow, trackio })) {
    expect(row(`\`${name}\``)[1], name).toBe([...OLDER, NEWEST].join(', '));
  }
});

/** As the page calls what the environments install, or check out. */
const NAMES: Record<string, string> = {
  trl: 'TRL',
  accelerate: 'accelerate',
  verl: 'verl',
  'trinity-rft': 'Trinity-RFT',
  openrlhf: 'OpenRLHF',
  skyrl: 'SkyRL',
  'ms-swift': 'ms-swift',
  verifiers: 'verifiers',
};

it('names the versions of the trainers whose recordings the tests replay', () => {
  const installed = Object.values(ENVIRONMENTS).flatMap(({ packages, alone }) => [...packages, ...alone]);
  const versions = new Map(installed.map((one) => one.split('==') as [string, string]));
  for (const [name, shown] of Object.entries(NAMES)) {
    expect(row(shown)[1]?.split(',')[0], name).toBe(versions.get(name));
  }
  expect(row('TRL')[1]).toContain(`transformers ${versions.get('transformers')}`);
  for (const [name, { commit }] of Object.entries(SOURCES)) {
    const shown = { 'prime-rl-streams': 'prime-rl', 'nemo-rl': 'NeMo-RL' }[name] ?? name;
    expect(row(shown)[1], name).toContain(commit.slice(0, 7));
  }
});

it('says of each trainer in which ways it was recorded', () => {
  const WAYS: Record<string, string> = {
    wandb: 'W&B',
    mlflow: 'MLflow',
    trackio: 'trackio',
    tensorboard: 'TensorBoard',
    files: 'files',
    streams: 'streams of traces',
  };
  const shown: Record<string, string> = { ...NAMES, trinity: 'Trinity-RFT', 'nemo-rl': 'NeMo-RL' };
  for (const { name } of RECIPES) {
    const [, trainer = '', way = ''] = /^(.*)-(\w+)$/.exec(name) ?? [];
    expect(row(shown[trainer] ?? trainer)[2], name).toContain(WAYS[way]);
  }
});
