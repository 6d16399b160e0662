/** The bank, over HTTP. */
export class Payments {
  constructor(fetch) {
    this.fetch = fetch;
  }

  async charge(card, cents) {
    const answer = await this.fetch("https://bank.example/charges", { method: "POST", body: JSON.stringify({ card, cents }) });
    if (!answer.ok) throw new Error("declined");
    return (await answer.json()).receipt;
  }
}
