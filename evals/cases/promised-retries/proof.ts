// A credit whose answer fails must not be sent again.
import { credit } from "./src/accounts.ts";
import { Client } from "./src/http.ts";

let sent = 0;
const client = new Client(async () => {
  sent += 1;
  return { status: 502 };
});
await credit(client, "7", 100);
if (sent !== 1) {
  console.error(`DEFECT: the credit was sent ${sent} times`);
  process.exit(1);
}
