import { FORMATS } from '../formats/formats';

/** The texts of `--help`, by command. They teach by example. */
export const HELP = {
  main: `rolloscope-store: the JSON HTTP run store behind Rolloscope

  rolloscope-store serve              take and serve runs over HTTP
  rolloscope-store import PATH…       log what trainers wrote into a running store
  rolloscope-store backup FOLDER      copy a store's data, also while it runs
  rolloscope-store check              tell whether a store's data is whole
  rolloscope-store recover FOLDER     save what can be read of damaged data
  rolloscope-store wandb-key TOKEN    the API key under which W&B clients send a token
  rolloscope-store doctor             tell what keeps runs from arriving, or from being seen

Each command explains itself: rolloscope-store serve --help
`,
  serve: `rolloscope-store serve: take and serve runs over HTTP, until SIGINT or SIGTERM

  rolloscope-store serve
      on http://127.0.0.1:8900, data in ./data; without tokens it listens on this machine only
  rolloscope-store serve --host 0.0.0.0 --data /var/lib/rolloscope --read-token R --write-token W
      for others: Grafana gets the read token, trainers get the write token
  rolloscope-store serve --host 0.0.0.0 --tokens tokens.json --retain 90d
      tokens by project (scopes: read, write, label), and runs that were silent for 90 days are deleted

Options, and the environment variables that stand for them
  --port P             STORE_PORT           default 8900; 0 takes a free one
  --host H             STORE_HOST           default 127.0.0.1; anything else wants tokens
  --data FOLDER        STORE_DATA           default ./data; made when missing
  --read-token T       STORE_READ_TOKEN     may read every project
  --write-token T      STORE_WRITE_TOKEN    may read and write every project
  --label-token T      STORE_LABEL_TOKEN    may label rollouts of every project: Grafana gets it, beside the read token
  --tokens FILE        STORE_TOKENS         a JSON list, read again when it changes and on SIGHUP:
                                            [{"name": "team-a", "sha256": "…", "scopes": ["read", "write"],
                                              "projects": ["team-a", "shared-*"]}]
                                            "token" holds the token itself where you prefer that to its SHA-256:
                                            printf %s "$TOKEN" | sha256sum
  --verdicts V,V       STORE_VERDICTS       what a verdict on a rollout may be; default good,bad,hack,unclear
  --crashed-after D    STORE_CRASHED_AFTER  default 10m; a running run that is silent so long reads as crashed
  --forward URL        STORE_FORWARD        what W&B clients log goes to this W&B server, too (https://api.wandb.ai),
                                            with the key in STORE_FORWARD_KEY; a slow or absent server delays nobody
  --retain D           STORE_RETAIN         default: for ever; durations are 90s, 10m, 12h, 30d. Nothing is deleted in
                                            the first hour, nor in the hour after the machine's clock was set
  --cache SIZE         STORE_CACHE          memory of the database, default 512MB; the rest of the store takes up to
                                            as much again. 2GB sorts long texts of a million rollouts faster
  --clickhouse URL     STORE_CLICKHOUSE     runs live in ClickHouse (http://USER:PASSWORD@HOST:8123/DATABASE) and
  --postgres URL       STORE_POSTGRES       PostgreSQL (postgres://USER:PASSWORD@HOST/DATABASE), and only media and uploads
                                            in the folder; a second store stands by for the first. See docs/scale.md
  --alerts FILE        STORE_ALERTS         what counts as a regression, a stall and so on, where it differs from the
                                            default: {"minDelta": 0.05, "stalledSeconds": 300}; see docs/alerting.md
  --grafana URL        STORE_GRAFANA        where Grafana is: what agents are told at /mcp links to it
  --expose-runs G,G    STORE_EXPOSE_RUNS    globs of run ids, or of project/id, at /metrics; default *
  --expose-metrics G,G STORE_EXPOSE_METRICS globs of metrics at /metrics; default *
  --expose-series N    STORE_EXPOSE_SERIES  series of runs at /metrics at the most; default 200000

It answers /api/v1/health when it is ready. Faults go to stderr, one JSON line each.
`,
  import: `rolloscope-store import PATH…: log what trainers wrote into a running store

  rolloscope-store import runs/grpo-1
      a folder is a run: its name, in a project named as the folder above; the format is recognised, and said;
      of TensorBoard's event files, each folder that has some is one
  STORE_URL=http://store:8900 STORE_TOKEN=… rolloscope-store import --follow runs/grpo-1
      while it trains: on the login node, or wherever the disk is seen and the store is reached
  rolloscope-store import evals.csv --project math --columns prompt=question,response=answer.text,reward=score
      plain JSONL or CSV, with its columns by name
  zcat old.jsonl.gz | rolloscope-store import - --run ppo-6 --project math
      lines from stdin

Out of other tools: what runs are, every point, tables with their rows
  WANDB_API_KEY=… rolloscope-store import wandb ENTITY/PROJECT [--run ID,ID] [--since 2026-01-31]
      a project of a W&B account; --base-url (WANDB_BASE_URL) for a server of one's own
  rolloscope-store import mlflow http://mlflow:5000 [--experiment NAME] [--run ID,ID] [--since 2026-01-31]
      MLFLOW_TRACKING_TOKEN, or _USERNAME and _PASSWORD, where the server wants one
  rolloscope-store import trackio ~/.cache/huggingface/trackio [--run NAME,NAME]
      the SQLite files of a folder, one a project, or what trackio exported to parquet
  With --system metrics of the machine come along, too. A folder that is called wandb is written ./wandb.

Formats: ${FORMATS.map(({ name }) => name).join(', ')}. docs/logging.md says what arrives of each.

Options
  --url URL            STORE_URL            default http://127.0.0.1:8900
  --token T            STORE_TOKEN          a token that may write
  --run ID                                  default: the name of the folder or file
  --project P                               default: the folder above
  --group G                                 default: JOB for runs that are called JOB_explorer, JOB_trainer
  --format F                                default: what the files are, which is said for each
  --columns LIST                            ours=theirs, dots reach into objects; then nothing else is taken
  --table NAME                              plain files: every record is a row of that table
  --follow                                  go on until Ctrl-C, and outlast a store that is away
  --finish                                  mark the runs as finished afterwards
  --state FOLDER       STORE_IMPORT_STATE   where it is kept how far an import is; default
                                            $XDG_STATE_HOME/rolloscope/import, in ~/.local/state
  --again                                   forget how far it is; what the store took within a day it does not take twice

Run again, it takes what is new, also after a crash. A record that is refused is named with its reason, the others go in,
and the exit code is 1. Links are not followed, and pickles are never loaded.
`,
  backup: `rolloscope-store backup FOLDER: copy a store's data into an empty or new folder

  rolloscope-store backup /backups/monday --data /var/lib/rolloscope
      works while the store runs on that data (on the same machine), and when it does not
  rolloscope-store serve --data /backups/monday
      a backup is a data folder like any other

Options
  --data FOLDER        STORE_DATA           default ./data
`,
  check: `rolloscope-store check: tell whether a stopped store's data is whole

  rolloscope-store check --data /var/lib/rolloscope
      whether everything that was acknowledged is there, and every row can be read; nothing is changed
  rolloscope-store check --data /backups/monday
      a backup is looked at in the same way

Options
  --data FOLDER        STORE_DATA           default ./data

The exit code is 1 where something is missing or cannot be read.
`,
  recover: `rolloscope-store recover FOLDER: save what can be read of damaged data into an empty or new folder

  rolloscope-store recover /var/lib/rolloscope-saved --data /var/lib/rolloscope
      tells what is lost; the damaged folder stays as it is
  rolloscope-store serve --data /var/lib/rolloscope-saved
      goes on with what was saved; a backup that has all of it is the better way

Options
  --data FOLDER        STORE_DATA           default ./data
`,
  'wandb-key': `rolloscope-store wandb-key TOKEN: print the API key under which W&B clients send a token

  export WANDB_BASE_URL=http://store:8900 WANDB_API_KEY=$(rolloscope-store wandb-key "$STORE_TOKEN")
      an unmodified wandb logs into the store
  export WANDB_API_KEY=$STORE_TOKEN-0000000000000000000000000000000000000000
      the same by hand: the token, a dash and 40 zeros, where the token has letters, digits and _ only

A store without tokens takes any key that the client accepts, such as local-0000000000000000000000000000000000000000.
`,
  doctor: `rolloscope-store doctor: tell what keeps runs from arriving, or from being seen

  rolloscope-store doctor --url http://store:8900 --token "$STORE_TOKEN"
      from where a trainer runs: the address, proxies, clocks, versions, what the token may do, and a test run in the
      project rolloscope-doctor with a log call of 1 MB, which is read back and deleted again
  rolloscope-store doctor --data /var/lib/rolloscope
      on the store's machine: its folder, its disk and its kind of file system, too
  rolloscope-store doctor --grafana http://grafana:3000 --grafana-token "$GRAFANA_TOKEN"
      what Grafana sees: the plugin, its data sources, and the store through Grafana's proxy; whether people may label

Options
  --url URL            STORE_URL            default http://127.0.0.1:8900
  --token T            STORE_TOKEN          the token to be tried; one that only reads is never written with
  --label-token T      STORE_LABEL_TOKEN    the token that Grafana is to label with; nothing is labelled
  --project P                               of the test run; default rolloscope-doctor
  --data FOLDER        STORE_DATA           default ./data where that is there
  --grafana URL        GRAFANA_URL
  --grafana-token T    GRAFANA_TOKEN        of a service account that may read data sources
  --json                                    the findings as JSON

A line for each check: OK, warning, problem, or - for what was not looked at. The exit code is 1 with a problem.
`,
};

export type Command = keyof typeof HELP;
