import type { Call } from "./http.ts";

export const ATTEMPTS = 3;

/** Whether a call may be sent again after a failure of the server. */
export function mayRepeat(call: Call): boolean {
  return call.method !== "POST";
}
