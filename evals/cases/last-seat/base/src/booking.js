/** Books one seat; requests are served at the same time by one process. */
export async function book(seats, payments, seat, card) {
  if (!seats.isFree(seat)) return { ok: false, why: "taken" };
  seats.take(seat);
  try {
    const receipt = await payments.charge(card, 2500);
    return { ok: true, receipt };
  } catch (error) {
    seats.release(seat);
    return { ok: false, why: error.message };
  }
}
