import { ATTEMPTS, mayRepeat } from "./retry.ts";

export interface Call {
  method: string;
  path: string;
  body?: unknown;
}

export type Send = (call: Call) => Promise<{ status: number }>;

export class Client {
  private readonly send: Send;

  constructor(send: Send) {
    this.send = send;
  }

  async call(call: Call): Promise<number> {
    const attempts = mayRepeat(call) ? ATTEMPTS : 1;
    for (let attempt = 1; ; attempt += 1) {
      const { status } = await this.send(call);
      if (status < 500 || attempt === attempts) return status;
    }
  }
}
