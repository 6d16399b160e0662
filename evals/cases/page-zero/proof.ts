// The export must hold every order.
import { exportCsv } from "./src/export-job.ts";
import { Orders } from "./src/orders.ts";

const orders = new Orders(Array.from({ length: 60 }, (_, id) => ({ id, cents: 100 })));
const rows = exportCsv(orders).trim().split("\n").length - 1;
if (rows !== 60) {
  console.error(`DEFECT: ${rows} of 60 orders are exported`);
  process.exit(1);
}
