/** A queue in memory. `attempts`: how often a job is tried; `onDrop` hears of what failed for good. */
export class Queue {
  #jobs = [];
  #options;

  constructor(options = {}) {
    this.#options = { attempts: 4, onDrop: () => {}, ...options };
  }

  push(run) {
    this.#jobs.push({ run, failures: 0 });
  }

  async drain() {
    while (this.#jobs.length > 0) {
      const job = this.#jobs.shift();
      try {
        await job.run();
      } catch (error) {
        job.failures += 1;
        if (job.failures >= this.#options.attempts) this.#options.onDrop(error);
        else this.#jobs.push(job);
      }
    }
  }
}
