import type { Random } from './random';

/** The goods of the shop; their prices are known to its tool alone. */
const ITEMS = ['pears', 'figs', 'lemons', 'melons', 'plums', 'grapes', 'dates', 'limes'] as const;

/** A question that nobody can answer without asking the shop twice and adding up. */
export interface Order {
  text: string;
  items: [name: string, count: number, price: number][];
  total: number;
}

export function makeOrder(random: Random): Order {
  const first = random.whole(0, ITEMS.length - 1);
  const second = (first + random.whole(1, ITEMS.length - 1)) % ITEMS.length;
  const items = [first, second].map((item): Order['items'][number] => [
    ITEMS[item] ?? 'pears',
    random.whole(2, 9),
    random.whole(2, 30),
  ]);
  const [one, other] = items.map(([name, count]) => `${count} ${name}`);
  return {
    text: `What do ${one} and ${other} cost together?`,
    items,
    total: items.reduce((sum, [, count, price]) => sum + count * price, 0),
  };
}
