import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../src/http.ts";

test("the status is given", async () => {
  const client = new Client(async () => ({ status: 204 }));
  assert.equal(await client.call({ method: "GET", path: "/" }), 204);
});
