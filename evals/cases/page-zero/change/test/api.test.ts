import assert from "node:assert/strict";
import { test } from "node:test";
import { listOrders } from "../src/api.ts";
import { Orders } from "../src/orders.ts";

const orders = new Orders(Array.from({ length: 60 }, (_, id) => ({ id, cents: 100 })));

test("the first page is the default", () => {
  assert.equal(listOrders(orders, new URLSearchParams()).status, 200);
});

test("page 0 is the first", () => {
  const { body } = listOrders(orders, new URLSearchParams("page=0"));
  assert.equal("items" in body && body.items[0].id, 0);
});
