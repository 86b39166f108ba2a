/**
 * Pace of everything that moves. `hurry` cuts what is running to its end (the player pressed again), and with
 * `prefers-reduced-motion` nothing moves at all: only the pauses that give time to read remain, shortened.
 */
export class Pace {
  private readonly running = new Set<() => void>();
  private hurried = false;
  private readonly query = window.matchMedia("(prefers-reduced-motion: reduce)");

  get reduced(): boolean {
    return this.query.matches;
  }

  /** True from `hurry` until the next `restart`: whatever is left should be shown at once. */
  get fast(): boolean {
    return this.hurried;
  }

  restart(): void {
    this.hurried = false;
  }

  hurry(): void {
    this.hurried = true;
    for (const end of [...this.running]) end();
  }

  /** A pause to read. Ends early when hurried, unless `firm`. */
  pause(ms: number, firm = false): Promise<void> {
    const time = this.reduced ? ms * 0.6 : ms;
    if (this.hurried && !firm) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.running.delete(end);
        resolve();
      };
      const timer = setTimeout(end, time);
      if (!firm) this.running.add(end);
    });
  }

  /** Resolves when the animation is over; at once when nothing may move or the player is in a hurry. */
  async animate(target: Element, frames: Keyframe[], options: KeyframeAnimationOptions): Promise<void> {
    if (this.reduced || this.hurried) return;
    const animation = target.animate(frames, options);
    const end = () => animation.finish();
    this.running.add(end);
    // A hidden page or a frame out of sight draws nothing, and its animations never end by themselves.
    const overdue = setTimeout(end, Number(options.duration) + (options.delay ?? 0) + 400);
    await animation.finished.catch(() => undefined);
    clearTimeout(overdue);
    this.running.delete(end);
  }
}
