import { Queue } from "./queue.js";

/** Pictures are tried once: what fails once fails again. */
export const thumbnailQueue = (log) => new Queue({ maxRetries: 0, onDrop: (error) => log(`picture: ${error.message}`) });
