// Each queue tries as often as it always did.
import { mailQueue } from "./src/mail.js";
import { Queue } from "./src/queue.js";
import { thumbnailQueue } from "./src/thumbnails.js";

for (const [make, wanted] of [[mailQueue, 3], [thumbnailQueue, 1], [() => new Queue(), 4]]) {
  const queue = make(() => {});
  let tries = 0;
  queue.push(async () => {
    tries += 1;
    throw new Error("no");
  });
  await queue.drain();
  if (tries !== wanted) {
    console.error(`DEFECT: ${tries} attempts instead of ${wanted}`);
    process.exit(1);
  }
}
