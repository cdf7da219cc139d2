import { tokenCell } from './tokenCell';
import type { Fields, TraceGraph } from './traceGraph';

/** Annotations of each token of a branch, by the names that prime-rl gives them, and ours. */
const ANNOTATED = {
  trainer_logprobs: 'trainerLogprob',
  entropies: 'entropy',
  advantages: 'advantage',
  is_masked: 'isMasked',
} as const;

/** Numbers that a trainer gives a branch's tokens after a trace came, by name; of the same length as the branch. */
type Annotated = Readonly<Record<string, Float32Array>>;

const keyOf = (name: string, branch: number) => `tokens of branch ${branch}: ${name}`;

/** Lists a token of an annotation, each under a key of its own: they come from several producers, a branch each. */
export function annotatedTokens(branches: unknown): Annotated {
  const lists = (Array.isArray(branches) ? branches : []).flatMap((branch: Fields | null, i) =>
    Object.entries(ANNOTATED).flatMap(([theirs, ours]) => {
      const list = branch?.[theirs];
      const index = Number.isSafeInteger(branch?.index) ? Number(branch?.index) : i;
      return Array.isArray(list) ? [[keyOf(ours, index), Float32Array.from(list, orNothing)] as const] : [];
    }),
  );
  return Object.fromEntries(lists);
}

const orNothing = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;

/**
 * The tokens of the final conversation of a trace: ids and masks of its nodes one after the other, and what the engine
 * said of those that were sampled, since nothing else has a log probability; beside them what was annotated.
 */
export function traceTokens(
  { nodes, paths }: TraceGraph,
  annotated: Readonly<Record<string, unknown>>,
  leave: (name: string) => void,
): Record<string, unknown[]> | undefined {
  const last = paths.length - 1;
  const [id, mask, engineLogprob, advantage]: [unknown[], unknown[], unknown[], unknown[]] = [[], [], [], []];
  for (const at of paths[last] ?? []) {
    const node = nodes[at] ?? {};
    const ids = Array.isArray(node.token_ids) ? node.token_ids : [];
    const masks = Array.isArray(node.mask) && node.mask.length === ids.length ? node.mask : ids.map(() => false);
    spread(engineLogprob, masks, node.logprobs);
    spread(advantage, masks, node.advantages);
    for (let i = 0; i < ids.length; i++) {
      id.push(ids[i]);
      mask.push(masks[i]);
    }
  }
  const said = (name: string) => annotated[keyOf(name, last)];
  const known = (list: unknown[]) => (list.some((one) => one !== null) ? list : undefined);
  const lists = {
    id,
    mask,
    engineLogprob: known(engineLogprob),
    trainerLogprob: said('trainerLogprob'),
    entropy: said('entropy'),
    advantage: known(advantage) ?? said('advantage'),
    isMasked: said('isMasked'),
  };
  return tokenCell(lists, leave);
}

/** A node has values for its sampled tokens alone. */
function spread(to: unknown[], mask: readonly unknown[], values: unknown): void {
  const own: unknown[] = Array.isArray(values) ? values : [];
  let next = 0;
  for (const isSampled of mask) {
    to.push(isSampled ? (own[next++] ?? null) : null);
  }
}
