/** One page of a list. `page` counts from 1. */
export interface Page<T> {
  items: T[];
  page: number;
  last: boolean;
}

export const PAGE_SIZE = 50;

export function pageOf<T>(all: readonly T[], page: number): Page<T> {
  const start = (page - 1) * PAGE_SIZE;
  return { items: all.slice(start, start + PAGE_SIZE), page, last: start + PAGE_SIZE >= all.length };
}
