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
    return (await this.send(call)).status;
  }
}
