// Dictation into a field: the microphone's sound goes over a socket, the words come back.
import { Microphone } from "/static/microphone.js";

const HEADER = 12; // as of the interview's line: stretch, place in it, sample rate
const LOST = "The microphone was disconnected. What you said until then is written down.";
const MUTED = "The microphone is muted. Unmute it: on the microphone, in the system, or with the icon in the address bar.";
const BROKEN = "The connection to voicemock was lost. What was written down until then is in the field.";

export class FieldDictation {
  /** onText(text so far), onEnd({ text, notice, wasStopped }), onProblem(text) */
  constructor({ onText, onEnd, onProblem }) {
    this.onText = onText;
    this.onEnd = onEnd;
    this.onProblem = onProblem;
    this.isOn = false;
    this.microphone = new Microphone({
      onBlock: (samples) => this.send(samples),
      onLost: () => { this.notice = LOST; this.stop(); },
      onMuted: (isMuted) => { if (isMuted && this.isOn) { this.notice = MUTED; this.stop(); } },
    });
  }

  /** Opens the microphone and begins; call it from a click. */
  async start() {
    await this.microphone.open();
    await this.microphone.context.resume();
    this.sequence = 0;
    this.notice = "";
    this.wasStopped = false;
    this.isOn = true;
    this.waiting = []; // while the socket opens
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/dictation`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => { for (const message of this.waiting.splice(0)) this.socket.send(message); };
    this.socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    this.socket.onclose = () => { if (this.isOn) this.end(() => this.onProblem(BROKEN)); };
  }

  /** Ends it; the last words come after a moment. */
  stop() {
    if (!this.isOn || this.wasStopped) return;
    this.wasStopped = true;
    this.microphone.close();
    this.say("stop");
  }

  send(samples) {
    if (!this.isOn || this.wasStopped) return;
    const message = new ArrayBuffer(HEADER + 4 * samples.length);
    const header = new DataView(message);
    header.setUint32(0, 1, true);
    header.setUint32(4, this.sequence, true);
    header.setUint32(8, this.microphone.rate, true);
    new Float32Array(message, HEADER).set(samples);
    this.sequence += 1;
    this.say(message);
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(message);
    else if (this.socket.readyState === WebSocket.CONNECTING) this.waiting.push(message);
  }

  take(event) {
    if (event.type === "words") this.onText(event.text);
    else if (event.type === "done") {
      this.end(() => this.onEnd({ text: event.text, notice: this.notice || event.notice, wasStopped: this.wasStopped }));
    } else if (event.type === "problem") this.end(() => this.onProblem(event.text));
  }

  end(tell) {
    this.isOn = false;
    this.microphone.close();
    this.socket.close();
    tell();
  }
}
