import type { Client } from "./http.ts";

export const readAccount = (client: Client, id: string) => client.call({ method: "GET", path: `/accounts/${id}` });

/** Adds to the balance: each call counts. */
export const credit = (client: Client, id: string, cents: number) =>
  client.call({ method: "PATCH", path: `/accounts/${id}`, body: { credit: cents } });

export const open = (client: Client, name: string) => client.call({ method: "POST", path: "/accounts", body: { name } });
