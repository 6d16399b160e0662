import type { Order, Orders } from "./orders.ts";

/** All orders, for the accountant's nightly file. */
export function* everyOrder(orders: Orders): Generator<Order> {
  for (let page = 1; ; page += 1) {
    const { items, last } = orders.list(page);
    yield* items;
    if (last) return;
  }
}

export function exportCsv(orders: Orders): string {
  const rows = ["id,cents"];
  for (const order of everyOrder(orders)) rows.push(`${order.id},${order.cents}`);
  return rows.join("\n") + "\n";
}
