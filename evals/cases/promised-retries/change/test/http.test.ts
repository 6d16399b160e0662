import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../src/http.ts";

const counting = (status: number) => {
  let sent = 0;
  const client = new Client(async () => {
    sent += 1;
    return { status };
  });
  return { client, sent: () => sent };
};

test("the status is given", async () => {
  const { client } = counting(204);
  assert.equal(await client.call({ method: "GET", path: "/" }), 204);
});

test("reading is tried three times", async () => {
  const { client, sent } = counting(503);
  await client.call({ method: "GET", path: "/" });
  assert.equal(sent(), 3);
});

test("POST is sent once", async () => {
  const { client, sent } = counting(503);
  await client.call({ method: "POST", path: "/" });
  assert.equal(sent(), 1);
});
