import { Queue } from "./queue.js";

/** Mail that fails twice more is given up. */
export const mailQueue = (log) => new Queue({ maxRetries: 2, onDrop: (error) => log(`mail: ${error.message}`) });
