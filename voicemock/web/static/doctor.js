// The test of the microphone: two seconds are recorded, judged on this machine by the rules of voicemock doctor, and dropped.
import { Microphone, MicrophoneError, levelOf, processingText } from "/static/microphone.js";

const byId = (id) => document.getElementById(id);
const test = byId("test");
const seconds = Number(test.dataset.seconds);
let blocks = null; // while it listens
let done = () => {};

const microphone = new Microphone({
  onBlock(block) {
    if (!blocks) return;
    blocks.push(block);
    byId("level").value = levelOf(block);
    if (blocks.reduce((sum, each) => sum + each.length, 0) >= seconds * microphone.rate) done();
  },
  onLost() { done(); },
  onMuted(isMuted) { if (isMuted) say("The microphone is muted. Unmute it: on the microphone, in the system, or with the icon in the address bar."); },
});

test.disabled = false;
test.addEventListener("click", async () => {
  test.disabled = true;
  byId("processing").textContent = "";
  try {
    await microphone.open();
    await microphone.context.resume();
    byId("processing").textContent = processingText(microphone);
    const name = microphone.name;
    say("Please say something now.");
    byId("level-label").hidden = false;
    show(await judged(await recorded()), name);
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    say(error.message);
  } finally {
    blocks = null;
    microphone.close();
    byId("level-label").hidden = true;
    test.disabled = false;
    test.textContent = "Test it again";
    test.focus();
  }
});

async function recorded() {
  const heard = [];
  await new Promise((resolve) => { done = resolve; blocks = heard; });
  blocks = null;
  return heard;
}

/** The sound as 16-bit samples, little-endian as on every machine with a browser. */
function pcm(heard) {
  const samples = new Int16Array(heard.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of heard) for (const sample of block) samples[at++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
  return samples;
}

async function judged(heard) {
  try {
    const reply = await fetch(`/doctor/microphone?rate=${Math.round(microphone.rate)}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: pcm(heard) });
    if (reply.ok) return await reply.json();
    throw new MicrophoneError(await reply.text());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new MicrophoneError("The test could not be judged. Is voicemock serve still running?");
  }
}

function show(check, name) {
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.textContent = check.mark;
  byId("hint").className = check.verdict;
  byId("hint").replaceChildren(mark, ` ${name || "The browser's microphone"}: ${check.detail}`);
  if (!check.cure) return;
  const cure = document.createElement("span");
  cure.className = "cure";
  cure.textContent = ` -> ${check.cure}`;
  byId("hint").append(cure);
}

function say(text) {
  byId("hint").className = "";
  byId("hint").textContent = text;
}
