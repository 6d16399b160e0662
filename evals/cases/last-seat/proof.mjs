// Of two requests for one seat at the same time, one is refused.
import { book } from "./src/booking.js";
import { Seats } from "./src/seats.js";

const seats = new Seats();
const payments = { charge: () => new Promise((done) => setTimeout(done, 1, "r")) };
const both = await Promise.all([book(seats, payments, "A1", "x"), book(seats, payments, "A1", "y")]);
const booked = both.filter((one) => one.ok).length;
if (booked !== 1) {
  console.error(`DEFECT: one seat was booked ${booked} times`);
  process.exit(1);
}
