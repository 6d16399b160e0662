import type { Orders } from "./orders.ts";

/** GET /orders?page=N, the first page being 0 as in the other services. */
export function listOrders(orders: Orders, query: URLSearchParams) {
  const page = Number(query.get("page") ?? "0");
  if (!Number.isInteger(page) || page < 0) return { status: 400, body: { error: "page" } };
  return { status: 200, body: orders.list(page) };
}
