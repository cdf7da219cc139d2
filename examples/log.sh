#!/bin/sh
# One run, one metric, one table, with curl alone.
set -eu
run="${1:-http://127.0.0.1:8900}/api/v1/runs/from-curl"
curl -fsS -X PUT "$run" -H 'content-type: application/json' -d '{"project": "my-project"}'
curl -fsS "$run/log" -H 'content-type: application/x-ndjson' --data-binary '{"step": 1, "metrics": {"critic/rewards/mean": 0.5}}
{"step": 1, "tables": {"rollouts": {"columns": ["reward", "prompt", "response"], "rows": [[1.1, "2 + 2?", "4"]]}}}'
curl -fsS -X POST "$run/finish" -H 'content-type: application/json' -d '{}'
