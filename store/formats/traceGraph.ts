import { isObject } from './readObject';

export type Fields = Record<string, unknown>;

/** A field of a record, where it is an object; else none of its fields. */
export const inside = (record: Fields, name: string): Fields => {
  const value = record[name];
  return isObject(value) ? value : {};
};

export const wholeNumber = (...values: unknown[]) => values.find(Number.isSafeInteger) as number | undefined;

/** The messages of a trace, each stored once, as a tree. */
export interface TraceGraph {
  nodes: readonly Fields[];
  /** Index of the message before; -1 for the first of a conversation. */
  parentOf: (node: number) => number;
  /** Conversations as indices of nodes from the first message to the last, the final one last. */
  paths: readonly number[][];
}

/**
 * The graph of verifiers' trace: a history that was rewritten, or a helper, is a path of its own from the root to a leaf.
 * Nodes that name no parent are one after the other.
 */
export function traceGraph(trace: Fields): TraceGraph {
  const nodes = Array.isArray(trace.nodes) ? trace.nodes.filter(isObject) : [];
  const isTree = nodes.some(({ parent }) => Number.isSafeInteger(parent));
  const parentOf = (i: number) => (isTree ? wholeNumber(nodes[i]?.parent) : i - 1) ?? -1;
  const parents = new Set(nodes.map((_, i) => parentOf(i)));
  const leaves = nodes.map((_, i) => i).filter((i) => !parents.has(i));
  const paths = leaves.map((leaf) => {
    const path: number[] = [];
    let below = nodes.length;
    // A parent stands before its children, so a path ends.
    for (let i = leaf; i >= 0 && i < below; i = parentOf(i)) {
      path.push(i);
      below = i;
    }
    return path.reverse();
  });
  return { nodes, parentOf, paths };
}

/** Gives what a node says, marked where the model said it; `role` is absent from what is no message. */
export function messageOf(node: Fields): Fields {
  const message = isObject(node.message) ? node.message : node;
  return node.sampled === true ? { ...message, sampled: true } : message;
}

/** The nodes of a path that are messages: their places are those of the conversation. */
export const spokenNodes = ({ nodes }: TraceGraph, path: readonly number[]): number[] =>
  path.filter((node) => 'role' in messageOf(nodes[node] ?? {}));
