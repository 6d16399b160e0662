import { Queue } from "./queue.js";

/** Pictures are tried once: what fails once fails again. */
export const thumbnailQueue = (log) => new Queue({ attempts: 1, onDrop: (error) => log(`picture: ${error.message}`) });
