import type { Condition, Operator } from '@rolloscope/contract/types';

const isNumeral = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

/** Reads what a person wrote beside an operator as the value that the store compares with; a variable stays a text. */
export function conditionValue(op: Operator, text: string, isNumberColumn: boolean): Pick<Condition, 'value'> {
  const typed = (part: string) => (isNumberColumn && isNumeral(part) ? Number(part) : part);
  switch (op) {
    case 'isNull':
      return {};
    case 'in':
      return {
        value: text
          .split(',')
          .map((part) => typed(part.trim()))
          .filter((part) => part !== ''),
      };
    case 'contains':
    case 'matches':
      return { value: text };
    default:
      return { value: typed(text) };
  }
}
