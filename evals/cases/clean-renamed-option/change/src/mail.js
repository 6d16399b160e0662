import { Queue } from "./queue.js";

/** Mail that fails three times is given up. */
export const mailQueue = (log) => new Queue({ attempts: 3, onDrop: (error) => log(`mail: ${error.message}`) });
