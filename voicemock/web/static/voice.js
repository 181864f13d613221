// The interviewer's voice: plays a clip through the context of the microphone, and tells when it was heard.

export class Voice {
  constructor(onPlayed) {
    this.onPlayed = onPlayed;
    this.source = null;
  }

  get isPlaying() { return this.source !== null; }

  play(context, clip, rate, pcm) {
    this.silence();
    const buffer = context.createBuffer(1, pcm.length, rate);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < pcm.length; at += 1) samples[at] = pcm[at] / 32768;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => {
      if (this.source !== source) return;
      this.source = null;
      this.onPlayed(clip);
    };
    this.source = source;
    source.start();
  }

  silence() {
    const source = this.source;
    this.source = null;
    source?.stop();
  }
}
