// The page's microphone: opens it without the browser's own processing, and gives its sound block by block.

const WANTED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const NAMES = { echoCancellation: "echo cancellation", noiseSuppression: "noise suppression", autoGainControl: "gain control" };

const PROBLEMS = {
  NotAllowedError: "The browser does not let this page use the microphone. Click the icon to the left of the address, allow the microphone, then try again.",
  NotFoundError: "No microphone was found. Plug one in, then try again.",
  NotReadableError: "The microphone cannot be opened: another program may be using it. Close that program, then try again.",
  AbortError: "The microphone could not be opened. Try again.",
  OverconstrainedError: "The microphone you used before is gone. Try again to use another.",
  SecurityError: "This browser lets no page at this address use the microphone. Open the address that voicemock serve printed.",
};
const NO_SUCH_THING = "This browser does not let this page use a microphone. Open the address that voicemock serve printed, in Chrome, Edge, Firefox or Safari.";

export class MicrophoneError extends Error {}

export class Microphone {
  /** onBlock(Float32Array), onLost(), onMuted(isMuted) */
  constructor({ onBlock, onLost, onMuted }) {
    this.onBlock = onBlock;
    this.onLost = onLost;
    this.onMuted = onMuted;
    this.context = null;
    this.stream = null;
    this.source = null;
  }

  get rate() { return this.context.sampleRate; }

  get name() { return this.track?.label ?? ""; }

  get track() { return this.stream?.getAudioTracks()[0]; }

  /** What the browser still does to the sound although it was asked not to. */
  get processing() {
    const settings = this.track.getSettings();
    return Object.keys(WANTED).filter((name) => settings[name] && settings[name] !== "none").map((name) => NAMES[name]);
  }

  /** Opens it; call it from a click, because some browsers give sound to no page before one. */
  async open() {
    if (!navigator.mediaDevices?.getUserMedia || !globalThis.AudioWorkletNode) throw new MicrophoneError(NO_SUCH_THING);
    this.close();
    const stream = await askForMicrophone();
    await this.prepare();
    this.close(); // another may have been opened meanwhile
    this.stream = stream;
    this.track.addEventListener("ended", () => this.onLost());
    this.track.addEventListener("mute", () => this.onMuted(true));
    this.track.addEventListener("unmute", () => this.onMuted(false));
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
    if (this.track.muted) this.onMuted(true);
  }

  /** Makes the context once, at the browser's own rate: Firefox refuses a microphone at another. */
  async prepare() {
    if (this.capture) return;
    this.context ??= new AudioContext({ latencyHint: "interactive" });
    await this.context.audioWorklet.addModule("/static/capture-worklet.js");
    this.capture ??= new AudioWorkletNode(this.context, "capture", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.capture.port.onmessage = ({ data }) => this.onBlock(data);
  }

  close() {
    this.source?.disconnect();
    this.track?.stop();
    this.source = this.stream = null;
  }
}

async function askForMicrophone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: WANTED });
  } catch (error) {
    throw new MicrophoneError(PROBLEMS[error.name] ?? `The microphone cannot be opened (${error.name}). Try again.`);
  }
}

/** What is said about processing that is still on; nothing if there is none. */
export function processingText({ processing }) {
  if (!processing.length) return "";
  return `The browser still changes the sound (${processing.join(", ")}), although it was asked not to. Loudness and noise cannot be judged while it does.`;
}

/** Root mean square of a block as a share of a meter from -60 to 0 decibels. */
export function levelOf(block) {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  const level = Math.sqrt(sum / block.length);
  return level > 0 ? Math.min(1, Math.max(0, 1 + (20 * Math.log10(level)) / 60)) : 0;
}
