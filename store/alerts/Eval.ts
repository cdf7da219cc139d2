/** The counts that a share is the mean over. */
export interface Counts {
  prompts: number;
  /** Samples of each prompt; undefined when nothing tells. */
  samples?: number;
}

/** One evaluation of one task, in the order of arrival. */
export interface Eval {
  attempt: number;
  step: number;
  /** Epoch milliseconds. */
  time: number;
  value: number;
  /** Prompts, each counted once however often it was sampled. Undefined when nothing tells. */
  prompts?: number;
  samples?: number;
}

/** The way in which the standard error of a drop was found. */
export type ErrorSource = 'paired' | 'samples' | 'prompts' | 'noise';

/** The standard error of a difference over the same prompts at two evals, from the results of each prompt. */
export interface PairedError {
  standardError: number;
  prompts: number;
}

/** A reference that evals are compared with. */
export interface Reference {
  value: number;
  /** Undefined when neither prompts nor enough earlier evals tell. */
  standardError?: number;
  prompts?: number;
  samples?: number;
  /** Steps of the evals that it is the mean of, ascending. */
  steps: number[];
}

/** The comparison of an eval with a reference. */
export interface Comparison {
  reference: Reference;
  /** Positive when worse. */
  drop: number;
  standardError: number;
  source: ErrorSource;
  /** A larger drop counts. */
  limit: number;
  beyond: boolean;
}
