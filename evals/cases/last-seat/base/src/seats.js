/** Seats of one show. */
export class Seats {
  #taken = new Set();

  isFree(seat) {
    return !this.#taken.has(seat);
  }

  take(seat) {
    this.#taken.add(seat);
  }

  release(seat) {
    this.#taken.delete(seat);
  }
}
