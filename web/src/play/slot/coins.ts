/** Coins over the stage, on one canvas: the only place with more moving things than the DOM likes. */

interface Coin {
  x: number;
  y: number;
  vx: number;
  vy: number;
  size: number;
  turn: number;
  speed: number;
}

export class Coins {
  readonly canvas = document.createElement("canvas");
  private coins: Coin[] = [];
  private frame = 0;
  private last = 0;

  constructor() {
    this.canvas.className = "coins";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Throws `count` coins up from the middle of the canvas. */
  burst(count: number): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    for (let i = 0; i < count; i++) {
      this.coins.push({
        x: width * (0.5 + (Math.random() - 0.5) * 0.3),
        y: height * 0.3,
        vx: (Math.random() - 0.5) * width * 0.9,
        vy: -height * (0.35 + Math.random() * 0.75),
        size: 7 + Math.random() * Math.min(12, width / 50),
        turn: Math.random() * 6,
        speed: 4 + Math.random() * 9,
      });
    }
    if (!this.frame) {
      this.last = performance.now();
      this.frame = requestAnimationFrame((now) => this.draw(now));
    }
  }

  clear(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.coins = [];
    this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private draw(now: number): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (this.canvas.width !== width || this.canvas.height !== height)
      Object.assign(this.canvas, { width, height });
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    const seconds = Math.min(0.05, (now - this.last) / 1000);
    this.last = now;
    pen.clearRect(0, 0, width, height);
    for (const coin of this.coins) {
      coin.vy += height * 1.7 * seconds;
      coin.x += coin.vx * seconds;
      coin.y += coin.vy * seconds;
      coin.turn += coin.speed * seconds;
      const flat = Math.abs(Math.cos(coin.turn));
      pen.fillStyle = "#8a5a17";
      pen.beginPath();
      pen.ellipse(coin.x, coin.y + 2, coin.size * flat + 1, coin.size, 0, 0, 7);
      pen.fill();
      pen.fillStyle = flat > 0.55 ? "#ffe08a" : "#e0a63a";
      pen.beginPath();
      pen.ellipse(coin.x, coin.y, coin.size * flat, coin.size, 0, 0, 7);
      pen.fill();
      pen.strokeStyle = "#b97f1f";
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.ellipse(coin.x, coin.y, coin.size * flat * 0.66, coin.size * 0.66, 0, 0, 7);
      pen.stroke();
    }
    this.coins = this.coins.filter((coin) => coin.y < height + 30);
    this.frame = this.coins.length ? requestAnimationFrame((at) => this.draw(at)) : 0;
    if (!this.frame) pen.clearRect(0, 0, width, height);
  }
}
