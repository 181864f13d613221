// The socket to the interview: comes back by itself, and loses no sound on the way.

const AGAIN_AFTER_MS = [0, 250, 500, 1000, 2000];
const KEPT_BLOCKS = 256; // while connected: what may have been sent and not received; 11 s at 48 kHz
const KEPT_AWAY = 3072; // while not connected: two minutes
const BUSY = 4001;
const TAKEN_OVER = 4002;
const REFUSED = 1008;

/** The same for a tab that is reloaded. */
function tabName() {
  let name = sessionStorage.getItem("voicemock-tab");
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("voicemock-tab", name);
  }
  return name;
}

export class Line {
  /** onEvent(event), onVoice(clip, rate, Int16Array), onState("open" | "away" | "busy" | "taken_over" | "refused") */
  constructor({ onEvent, onVoice, onState }) {
    this.onEvent = onEvent;
    this.onVoice = onVoice;
    this.onState = onState;
    this.tab = tabName();
    this.tries = 0;
    this.stretch = 0; // 0: nobody listens
    this.sequence = 0;
    this.sent = []; // [sequence, bytes] of this stretch
    this.isHeard = false; // whether the other end has said from where to go on
    this.waiting = []; // messages while not connected
  }

  open({ takesOver = false, begins = false } = {}) {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/interview/line`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.tries = 0;
      this.socket.send(JSON.stringify({ type: "hello", tab: this.tab, takes_over: takesOver, begins }));
      for (const message of this.waiting.splice(0)) this.socket.send(message);
      this.onState("open");
    };
    this.socket.onmessage = ({ data }) => this.take(data);
    this.socket.onclose = ({ code }) => this.closed(code);
  }

  get isOpen() { return this.socket?.readyState === WebSocket.OPEN; }

  say(message) {
    const text = JSON.stringify(message);
    if (this.isOpen) this.socket.send(text);
    else this.waiting.push(text);
  }

  /** Sends a block of the microphone, if somebody listens. */
  sendBlock(rate, samples) {
    if (!this.stretch) return;
    const message = new ArrayBuffer(12 + 4 * samples.length);
    const header = new DataView(message);
    header.setUint32(0, this.stretch, true);
    header.setUint32(4, this.sequence, true);
    header.setUint32(8, rate, true);
    new Float32Array(message, 12).set(samples);
    this.sent.push([this.sequence, message]);
    this.sequence += 1;
    while (this.sent.length > (this.isHeard ? KEPT_BLOCKS : KEPT_AWAY)) this.sent.shift();
    if (this.isHeard && this.isOpen) this.socket.send(message); // else it is sent when the line is back
  }

  take(data) {
    if (typeof data !== "string") {
      const header = new DataView(data);
      this.onVoice(header.getUint32(0, true), header.getUint32(4, true), new Int16Array(data, 8));
      return;
    }
    const event = JSON.parse(data);
    if (event.type === "listen") this.listen(event);
    else if (event.type === "hush") { this.stretch = 0; this.sent = []; }
    this.onEvent(event);
  }

  /** Begins a stretch, or goes on with it after the line was broken: what did not arrive is sent again. */
  listen({ stretch, from }) {
    this.isHeard = true;
    if (stretch !== this.stretch || this.sequence < from) {
      this.stretch = stretch;
      this.sequence = from;
      this.sent = [];
      return;
    }
    this.sent = this.sent.filter(([sequence]) => sequence >= from);
    for (const [, message] of this.sent) this.socket.send(message);
  }

  closed(code) {
    this.isHeard = false;
    const state = { [BUSY]: "busy", [TAKEN_OVER]: "taken_over", [REFUSED]: "refused" }[code] ?? "away";
    this.onState(state);
    if (state !== "away" || this.isOver) return;
    const wait = AGAIN_AFTER_MS[Math.min(this.tries, AGAIN_AFTER_MS.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  /** No connection is sought any more. */
  end() { this.isOver = true; }
}
