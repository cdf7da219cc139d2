import type { Random } from './random';

/** A choice that the policy makes: which head of the network, and what it sees. */
export interface Decision {
  head: number;
  /** Indices of the inputs that are 1; all others are 0. */
  inputs: number[];
  /** True for each of the head's options that is open. */
  open: boolean[];
}

export interface Choice extends Decision {
  option: number;
  /** Log-probability under the policy that sampled it. */
  logprob: number;
}

interface Layer {
  weights: Float64Array;
  bias: Float64Array;
}

/** The outcome of one decision: probabilities of its options, and the hidden units behind them. */
export interface Evaluation {
  probabilities: Float64Array;
  hidden: Float64Array;
}

/**
 * A small network: one hidden layer of tanh units that all decisions share, and a softmax head for each kind of
 * decision. Gradients are exact.
 */
export class Policy {
  private readonly input: Layer;
  private readonly heads: Layer[];

  constructor(
    readonly inputs: number,
    readonly hidden: number,
    readonly options: readonly number[],
    random?: Random,
  ) {
    const layer = (from: number, to: number): Layer => ({
      weights: Float64Array.from({ length: from * to }, () => (random ? random.normal() * 0.3 : 0)),
      bias: new Float64Array(to),
    });
    this.input = layer(inputs, hidden);
    this.heads = options.map((count) => layer(hidden, count));
  }

  copy(): Policy {
    const copy = new Policy(this.inputs, this.hidden, this.options);
    this.layers().forEach((layer, i) => {
      copy.layers()[i]?.weights.set(layer.weights);
      copy.layers()[i]?.bias.set(layer.bias);
    });
    return copy;
  }

  private layers(): Layer[] {
    return [this.input, ...this.heads];
  }

  evaluate({ head, inputs, open }: Decision): Evaluation {
    const { weights, bias } = this.input;
    const hidden = Float64Array.from(bias);
    for (const index of inputs) {
      for (let j = 0; j < this.hidden; j++) {
        hidden[j] = (hidden[j] ?? 0) + (weights[index * this.hidden + j] ?? 0);
      }
    }
    for (let j = 0; j < this.hidden; j++) {
      hidden[j] = Math.tanh(hidden[j] ?? 0);
    }
    const out = this.heads[head] as Layer;
    const count = this.options[head] ?? 0;
    const logits = Float64Array.from({ length: count }, (_, option) => {
      let sum = out.bias[option] ?? 0;
      for (let j = 0; j < this.hidden; j++) {
        sum += (hidden[j] ?? 0) * (out.weights[j * count + option] ?? 0);
      }
      return open[option] ? sum : Number.NEGATIVE_INFINITY;
    });
    const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const powers = logits.map((logit) => Math.exp(logit - top));
    const total = powers.reduce((a, b) => a + b, 0);
    return { probabilities: powers.map((power) => power / total), hidden };
  }

  choose(decision: Decision, random: Random): Choice {
    const { probabilities } = this.evaluate(decision);
    const option = random.index(probabilities);
    return { ...decision, option, logprob: Math.log(probabilities[option] ?? 1) };
  }

  /** A zero of the policy's shape, to gather gradients in. */
  zeros(): Policy {
    return new Policy(this.inputs, this.hidden, this.options);
  }

  /** Adds to `gradient` what `slope(option)` = d(objective)/d(logit) of one decision comes to. */
  addGradient(gradient: Policy, { head, inputs }: Decision, { hidden }: Evaluation, slopes: Float64Array): void {
    const out = this.heads[head] as Layer;
    const into = gradient.heads[head] as Layer;
    const count = this.options[head] ?? 0;
    const down = new Float64Array(this.hidden);
    for (let option = 0; option < count; option++) {
      const slope = slopes[option] ?? 0;
      into.bias[option] = (into.bias[option] ?? 0) + slope;
      for (let j = 0; j < this.hidden; j++) {
        const index = j * count + option;
        into.weights[index] = (into.weights[index] ?? 0) + slope * (hidden[j] ?? 0);
        down[j] = (down[j] ?? 0) + slope * (out.weights[index] ?? 0);
      }
    }
    for (let j = 0; j < this.hidden; j++) {
      const slope = (down[j] ?? 0) * (1 - (hidden[j] ?? 0) ** 2);
      gradient.input.bias[j] = (gradient.input.bias[j] ?? 0) + slope;
      for (const input of inputs) {
        const index = input * this.hidden + j;
        gradient.input.weights[index] = (gradient.input.weights[index] ?? 0) + slope;
      }
    }
  }

  norm(): number {
    let sum = 0;
    for (const { weights, bias } of this.layers()) {
      for (const value of weights) {
        sum += value * value;
      }
      for (const value of bias) {
        sum += value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /** Moves along a gradient. */
  move(gradient: Policy, rate: number): void {
    this.layers().forEach((layer, i) => {
      const by = gradient.layers()[i] as Layer;
      for (let j = 0; j < layer.weights.length; j++) {
        layer.weights[j] = (layer.weights[j] ?? 0) + rate * (by.weights[j] ?? 0);
      }
      for (let j = 0; j < layer.bias.length; j++) {
        layer.bias[j] = (layer.bias[j] ?? 0) + rate * (by.bias[j] ?? 0);
      }
    });
  }
}
