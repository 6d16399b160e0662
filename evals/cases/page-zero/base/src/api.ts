import type { Orders } from "./orders.ts";

/** GET /orders?page=N */
export function listOrders(orders: Orders, query: URLSearchParams) {
  const page = Number(query.get("page") ?? "1");
  if (!Number.isInteger(page) || page < 1) return { status: 400, body: { error: "page" } };
  return { status: 200, body: orders.list(page) };
}
