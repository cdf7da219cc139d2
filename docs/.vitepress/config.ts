import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { COPIED, withoutRepositoryLinks } from './repositoryLinks';
import { slug } from './slug';

const guide = (text: string, link: string) => ({ text, link: `/${link}` });

/** Pages of `docs/trainers`, in the order in which one looks for them. */
const TRAINERS = {
  verl: 'verl',
  trl: 'TRL',
  'prime-rl': 'prime-rl and verifiers',
  'ms-swift': 'ms-swift',
  'nemo-rl': 'NeMo-RL and NeMo Gym',
  skyrl: 'SkyRL',
  'trinity-rft': 'Trinity-RFT',
  openrlhf: 'OpenRLHF',
  areal: 'AReaL',
  roll: 'ROLL',
  miles: 'miles and slime',
  tinker: 'Tinker cookbook',
  art: 'ART',
  others: 'Any other',
};

/** The site that `npm run docs` builds: plain pages with a search of their own, which ask no other machine for anything. */
export default defineConfig({
  title: 'Rolloscope',
  description: 'LLM reinforcement-learning runs inside Grafana',
  lang: 'en',
  cleanUrls: false,
  // A folder may be served from anywhere, with its pictures.
  base: process.env.DOCS_BASE ?? '/',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  // A page that is linked and is not there fails the build; links to files of the repository are texts here, and tests/docs looks for them.
  ignoreDeadLinks: 'localhostLinks',
  markdown: { config: withoutRepositoryLinks, anchor: { slugify: slug } },
  vite: { build: { target: 'es2022' } },
  buildEnd: ({ srcDir, outDir }) => cpSync(join(srcDir, COPIED), join(outDir, COPIED), { recursive: true }),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [guide('Start', 'start'), guide('Trainers', 'logging'), guide('Store API', 'store-api')],
    sidebar: [
      {
        text: 'Begin',
        items: [
          guide('Start', 'start'),
          guide('From W&B to here', 'from-wandb'),
          guide('What it costs', 'costs'),
          guide('ClickHouse and PostgreSQL', 'scale'),
          guide('Upgrade', 'upgrading'),
          guide('What was run with what', 'compatibility'),
        ],
      },
      {
        text: 'Bring your run',
        link: '/logging',
        items: Object.entries(TRAINERS).map(([file, name]) => guide(name, `trainers/${file}`)),
      },
      {
        text: 'In Grafana',
        items: [
          guide('Data source', 'data-source'),
          guide('Queries', 'queries'),
          guide('Rollouts panel', 'rollouts-panel'),
          guide('Reader', 'reader'),
          guide('Labels', 'labels'),
          guide('Metrics panel', 'metrics-panel'),
          guide('Alerts', 'alerting'),
          guide('Training and GPUs', 'gpu-dashboards'),
        ],
      },
      {
        text: 'Store',
        items: [
          guide('API', 'store-api'),
          guide('Reading in Python', 'reading'),
          guide('For agents', 'agents'),
          guide('Decisions', 'decisions/index'),
        ],
      },
    ],
  },
});
