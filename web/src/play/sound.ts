/** All sounds are made here, without files. Silent until the player asks for sound; the wish is remembered. */

const REMEMBERED = "croupier-sound";

function remembered(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) === "on";
  } catch {
    return false; // A sandboxed frame has no storage.
  }
}

/** Every voice on one output, so that a test can render the same notes into an offline context. */
export class Voices {
  private readonly out: AudioNode;

  constructor(private readonly context: BaseAudioContext) {
    const limiter = context.createDynamicsCompressor();
    const volume = context.createGain();
    volume.gain.value = 0.5;
    limiter.connect(volume).connect(context.destination);
    this.out = limiter;
  }

  private envelope(at: number, peak: number, length: number): GainNode {
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(peak, at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
    gain.connect(this.out);
    return gain;
  }

  private tone(
    shape: OscillatorType,
    from: number,
    to: number,
    delay: number,
    length: number,
    peak: number,
  ): void {
    const at = this.context.currentTime + delay;
    const source = this.context.createOscillator();
    source.type = shape;
    source.frequency.setValueAtTime(from, at);
    source.frequency.exponentialRampToValueAtTime(to, at + length);
    source.connect(this.envelope(at, peak, length));
    source.start(at);
    source.stop(at + length);
  }

  private noise(
    filter: BiquadFilterType,
    frequency: number,
    delay: number,
    length: number,
    peak: number,
  ): void {
    const at = this.context.currentTime + delay;
    const buffer = this.context.createBuffer(
      1,
      Math.ceil(this.context.sampleRate * length),
      this.context.sampleRate,
    );
    const data = buffer.getChannelData(0);
    for (let i = 0, x = 22222; i < data.length; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0; // Noise needs no real randomness.
      data[i] = x / 2147483648 - 1;
    }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    const band = this.context.createBiquadFilter();
    band.type = filter;
    band.frequency.value = frequency;
    source.connect(band).connect(this.envelope(at, peak, length));
    source.start(at);
  }

  spinStart = () => this.noise("bandpass", 500, 0, 0.25, 0.25);
  reelStop = (reel: number) => {
    this.tone("sine", 95 * 1.06 ** reel, 60, 0, 0.16, 0.7);
    this.noise("lowpass", 420, 0, 0.07, 0.5);
  };
  win = (multiple: number) => {
    const notes = Math.min(12, 3 + Math.ceil(Math.log2(1 + multiple)));
    const scale = [0, 4, 7, 12, 16, 19, 24, 28, 31, 36, 40, 43];
    for (let i = 0; i < notes; i++) {
      const pitch = 392 * 2 ** ((scale[i] ?? 0) / 12);
      this.tone("triangle", pitch, pitch, i * 0.085, 0.34, 0.28);
    }
  };
  coin = () => this.tone("square", 1568, 1976, 0, 0.06, 0.05);
  chip = () => this.noise("highpass", 3200, 0, 0.04, 0.3);
  card = () => this.noise("bandpass", 2400, 0, 0.09, 0.3);
  ball = () => this.tone("sine", 1900, 1500, 0, 0.03, 0.12);
  feature = () =>
    [523, 659, 784, 1047, 1319].forEach((f, i) => this.tone("triangle", f, f * 1.005, i * 0.12, 0.6, 0.3));
  alert = () => this.tone("sine", 330, 220, 0, 0.3, 0.3);
}

export type SoundName = Exclude<keyof Voices, "reelStop" | "win">;

export class Sound {
  private voices: Voices | null = null;
  private context: AudioContext | null = null;
  on = remembered();

  /** Called from a press, which browsers want before they let a page be heard. */
  wake(): void {
    if (!this.on || typeof AudioContext === "undefined") return;
    if (!this.context) {
      this.context = new AudioContext();
      this.voices = new Voices(this.context);
    }
    if (this.context.state === "suspended") void this.context.resume();
  }

  toggle(): boolean {
    this.on = !this.on;
    try {
      localStorage.setItem(REMEMBERED, this.on ? "on" : "off");
    } catch {
      // Not remembered, still switched.
    }
    if (this.on) this.wake();
    else void this.context?.suspend();
    return this.on;
  }

  private get now(): Voices | null {
    return this.on && !document.hidden ? this.voices : null;
  }

  play(name: SoundName): void {
    this.now?.[name]();
  }

  reelStop(reel: number): void {
    this.now?.reelStop(reel);
  }

  win(multiple: number): void {
    this.now?.win(multiple);
  }
}
