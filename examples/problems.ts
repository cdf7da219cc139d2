import type { Random } from './random';

export const OPERATIONS = ['+', '-', '×', '÷'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One step of a derivation: the running result, an operation, and the quantity (by index) that comes in. */
export interface Step {
  operation: Operation;
  quantity: number;
}

/** A word problem. The derivation starts with the first quantity; some quantities only distract. */
export interface Problem {
  family: number;
  text: string;
  quantities: number[];
  solution: Step[];
  answer: number;
}

export function apply(operation: Operation, left: number, right: number): number {
  const results = { '+': left + right, '-': left - right, '×': left * right, '÷': right === 0 ? 0 : left / right };
  return Math.round(results[operation] * 100) / 100;
}

type Family = (random: Random, who: string) => { text: string; quantities: number[]; solution: Step[] };

const NAMES = ['Mara', 'Tomas', 'Ines', 'Kofi', 'Yuki', 'Lena', 'Omar', 'Priya', 'Jonas', 'Alba', 'Nils', 'Zoe'];
const step = (operation: Operation, quantity: number): Step => ({ operation, quantity });

const FAMILIES: readonly Family[] = [
  (r, who) => {
    const [have, gift, rooms] = [r.whole(12, 60), r.whole(3, 20), r.whole(2, 9)];
    return {
      text: `${who} has ${have} marbles in a jar. A friend adds ${gift} more. There are ${rooms} shelves in the room. How many marbles are in the jar now?`,
      quantities: [have, gift, rooms],
      solution: [step('+', 1)],
    };
  },
  (r, who) => {
    const [boxes, each, price] = [r.whole(3, 12), r.whole(4, 15), r.whole(2, 9)];
    return {
      text: `${who} packs ${boxes} boxes with ${each} pears in each, and sells every pear for ${price} cents. How many cents does that bring?`,
      quantities: [boxes, each, price],
      solution: [step('×', 1), step('×', 2)],
    };
  },
  (r, who) => {
    const [pages, perDay, days] = [r.whole(120, 300), r.whole(8, 20), r.whole(3, 7)];
    return {
      text: `A book has ${pages} pages. ${who} reads ${perDay} pages a day for ${days} days in a row, always in the evening. How many pages did ${who} read in those days?`,
      quantities: [perDay, days, pages],
      solution: [step('×', 1)],
    };
  },
  (r, who) => {
    const [friends, each, eaten] = [r.whole(3, 8), r.whole(4, 12), r.whole(2, 9)];
    return {
      text: `${who} shares sweets with ${friends} friends. Each of them gets ${each}, and ${who} has eaten ${eaten} before. How many sweets were there at first, if none is left?`,
      quantities: [friends, each, eaten],
      solution: [step('×', 1), step('+', 2)],
    };
  },
  (r, who) => {
    const [liters, used, buckets, hours] = [r.whole(8, 20) * 10, r.whole(2, 7) * 10, r.whole(2, 5), r.whole(2, 6)];
    const left = liters - used;
    const even = left - (left % buckets);
    return {
      text: `A tank holds ${even + used} litres. In ${hours} hours ${who} uses ${used} litres, and pours the rest into ${buckets} equal buckets. How many litres go into each?`,
      quantities: [even + used, used, buckets, hours],
      solution: [step('-', 1), step('÷', 2)],
    };
  },
  (r, who) => {
    const [seats, rows, empty, doors] = [r.whole(8, 20), r.whole(5, 15), r.whole(3, 30), r.whole(2, 6)];
    return {
      text: `A hall has ${doors} doors and rows of ${seats} seats, ${rows} rows in all. At ${who}'s concert ${empty} seats stay empty. How many people sit?`,
      quantities: [seats, rows, empty, doors],
      solution: [step('×', 1), step('-', 2)],
    };
  },
  (r, who) => {
    const [wage, hours, tip, cost] = [r.whole(9, 20), r.whole(3, 9), r.whole(5, 25), r.whole(4, 20)];
    return {
      text: `${who} earns ${wage} coins an hour and works ${hours} hours. A guest tips ${tip} coins, and lunch costs ${cost}. How many coins are left in the evening?`,
      quantities: [wage, hours, tip, cost],
      solution: [step('×', 1), step('+', 2), step('-', 3)],
    };
  },
  (r, who) => {
    const [group, teams, late] = [r.whole(3, 9), r.whole(3, 8), r.whole(2, 7)];
    return {
      text: `${who} splits ${group * teams} children into ${teams} equal teams. Later ${late} more children join each team. How many children are in one team then?`,
      quantities: [group * teams, teams, late],
      solution: [step('÷', 1), step('+', 2)],
    };
  },
  (r, who) => {
    const [speed, hours, back, age] = [r.whole(30, 80), r.whole(2, 6), r.whole(10, 40), r.whole(20, 60)];
    return {
      text: `${who}, who is ${age} years old, drives ${hours} hours at ${speed} km an hour, then turns and drives ${back} km back. How far from the start is ${who} now, in km?`,
      quantities: [speed, hours, back, age],
      solution: [step('×', 1), step('-', 2)],
    };
  },
  (r, who) => {
    const [price, off, count, spare] = [r.whole(20, 60), r.whole(3, 15), r.whole(2, 6), r.whole(2, 9)];
    return {
      text: `A lamp costs ${price} coins, ${off} less in the sale. ${who} buys ${count} of them and ${spare} coins' worth of bulbs. How many coins is that?`,
      quantities: [price, off, count, spare],
      solution: [step('-', 1), step('×', 2), step('+', 3)],
    };
  },
];

export const FAMILY_COUNT = FAMILIES.length;
/** Quantities that a problem has at the most. */
export const MAX_QUANTITIES = 4;
export const MAX_STEPS = 4;

export function makeProblem(random: Random): Problem {
  const family = random.whole(0, FAMILY_COUNT - 1);
  const made = (FAMILIES[family] as Family)(random, random.pick(NAMES));
  const answer = made.solution.reduce(
    (result, { operation, quantity }) => apply(operation, result, made.quantities[quantity] ?? 0),
    made.quantities[0] ?? 0,
  );
  return { family, ...made, answer };
}
