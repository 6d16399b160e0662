import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../src/queue.js";

test("a job is tried as often as asked for, then dropped", async () => {
  let tries = 0;
  const dropped = [];
  const queue = new Queue({ attempts: 2, onDrop: (error) => dropped.push(error.message) });
  queue.push(async () => {
    tries += 1;
    throw new Error("no");
  });
  await queue.drain();
  assert.deepEqual([tries, dropped], [2, ["no"]]);
});
