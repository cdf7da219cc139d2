/** Squares of larger numbers overflow. */
export const SQUARE_LIMIT = '1e150';

/** SQL of the spread of some numbers; null where there are none. */
export const deviationSql = (value: string) =>
  `stddevPopStableOrNullIf(${value}, ifNull(abs(${value}) < ${SQUARE_LIMIT}, false))`;

/** SQL of the number below which that share of some numbers is, one of them. */
export const quantileOfSql = (value: string, share: number) => {
  const place = `count(${value}) - floor(count(${value}) - count(${value}) * ${share})`;
  return `arrayElement(arraySort(groupArray(${value})), toUInt64(greatest(1, ${place})))`;
};

/** SQL of a finite number; null where it is another, or none. */
export const finiteSql = (value: string) => `if(isFinite(${value}), ${value}, NULL)`;
