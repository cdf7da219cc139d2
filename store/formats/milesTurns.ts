import type { Turn } from '@rolloscope/contract/types';
import { inTime, secondsAt, soundTurns } from './turns';

/** A boundary of a sample's rollout as it is kept until its row is read: epoch seconds, version (NaN for none), turn. */
type Boundary = Float64Array;

const KINDS = ['gen_start', 'gen_end', 'tool_start', 'tool_end', 'attempt_end'];

/** Gives what an event of `dashboard/trajectories` adds to its sample, under its own name; undefined for the rest. */
export function trajectoryEvent({ ts, kind, turn, weight_version }: Record<string, unknown>) {
  if (typeof ts !== 'number' || !KINDS.includes(String(kind))) {
    return undefined;
  }
  const version =
    typeof weight_version === 'string' && /^\d+$/.test(weight_version) ? Number(weight_version) : Number.NaN;
  const place = Number.isSafeInteger(turn) ? Number(turn) : -1;
  return { [`event ${String(kind)} ${place} ${ts}`]: Float64Array.of(ts, version, place) };
}

interface Span {
  kind: 'generate' | 'tool';
  turn: number;
  start: number;
  end?: number;
  version: number;
}

/**
 * Turns of a sample's events, paired as miles does (`trajectory_lanes` of `miles/dashboard/store.py`): the end of an attempt
 * closes what is open, and generations of turns replace that of the whole attempt.
 */
export function milesTurns(added: Readonly<Record<string, unknown>>): Turn[] | undefined {
  const events = Object.entries(added)
    .flatMap(([name, value]) => {
      const kind = /^event (\w+) /.exec(name)?.[1];
      return kind !== undefined && value instanceof Float64Array ? [{ kind, at: value as Boundary }] : [];
    })
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0));
  const spans: Span[] = [];
  const open = new Map<string, Span>();
  for (const { kind, at } of events) {
    const [ts = 0, version = Number.NaN, turn = -1] = at;
    const [what, boundary] = kind.split('_');
    const key = `${what} ${turn}`;
    if (kind === 'attempt_end') {
      for (const span of open.values()) {
        end(span, ts, version);
      }
      open.clear();
    } else if (boundary === 'start') {
      const span: Span = { kind: what === 'gen' ? 'generate' : 'tool', turn, start: ts, version };
      open.set(key, span);
      spans.push(span);
    } else {
      const span = open.get(key);
      open.delete(key);
      if (span) {
        end(span, ts, version);
      }
    }
  }
  const isByTurn = spans.some((span) => span.kind === 'generate' && span.turn > 0);
  const kept = spans.filter(({ kind, turn }) => !isByTurn || kind !== 'generate' || turn >= 0);
  const turns = kept.map(({ kind, start, end: until, version }) => ({
    kind,
    start: secondsAt(start),
    end: secondsAt(until),
    policyVersion: kind === 'tool' || Number.isNaN(version) ? undefined : version,
  }));
  return soundTurns(inTime(turns));
}

function end(span: Span, ts: number, version: number): void {
  span.end = ts;
  span.version = Number.isNaN(version) ? span.version : version;
}
