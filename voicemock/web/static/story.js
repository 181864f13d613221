// The form of a story: warns before what was typed is lost, reads a file into it, and takes dictation.
import { MicrophoneError } from "/static/microphone.js";
import { FieldDictation } from "/static/dictation.js";
import { isServed } from "/static/kept.js";

const byId = (id) => document.getElementById(id);
const form = byId("story");
const LARGEST_BODY = 1 << 20; // of a request; a longer one would be refused, and the page with it be gone

// What is in the way is where the reader is: the first field that cannot be kept, or what is said about the whole.
(document.querySelector("[aria-invalid='true']") ?? document.getElementById("problem"))?.focus();

// --- nothing is lost ------------------------------------------------------------------------------------------------

let isUnsaved = form.dataset.unsaved === "yes";
let isReachable = false;
form.addEventListener("input", () => { isUnsaved = true; });
form.addEventListener("submit", async (event) => {
  if (isReachable) {
    isUnsaved = false;
    return;
  }
  event.preventDefault();
  if (dictation.isOn) {
    showProblem("Stop the dictation first, so that its last words are in the field.");
  } else if (new URLSearchParams(new FormData(form)).toString().length > LARGEST_BODY) {
    showProblem("That is more than can be sent at once. Shorten it: a field holds 20,000 characters.");
  } else if (!(await isServed())) {
    showProblem("The connection to voicemock was lost. What you wrote is still here: start voicemock serve again, open the address that it prints in another tab, then save.");
  } else {
    isReachable = true;
    form.requestSubmit(event.submitter);
    isReachable = false;
  }
});

addEventListener("beforeunload", (event) => {
  if (isUnsaved || dictation.isOn) event.preventDefault();
});

function showProblem(text) {
  byId("dictation-problem").textContent = text;
  byId("dictation-problem").hidden = !text;
  if (text) byId("dictation-problem").scrollIntoView({ block: "center" });
}

// --- a file ---------------------------------------------------------------------------------------------------------

byId("file-row").hidden = false;
byId("file").addEventListener("change", async () => {
  const [file] = byId("file").files;
  if (!file) return;
  if (file.size > LARGEST_BODY / 2) {
    showProblem(`${file.name} is too long for a story. Cut it down to the story itself.`);
    return;
  }
  try {
    byId("text").value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    showProblem(`${file.name} is not UTF-8 text. Save it as UTF-8 and try again.`);
    return;
  }
  showProblem("");
  isUnsaved = true;
  byId("text").focus();
});

// --- dictation ------------------------------------------------------------------------------------------------------

let field = null; // the textarea that is spoken into
let before = ""; // what stood in it
let button = null;

const dictation = new FieldDictation({
  onText(text) { put(text); },
  onEnd({ text, notice, wasStopped }) {
    put(text);
    button.firstChild.textContent = "Dictate";
    button.disabled = false;
    button.removeAttribute("aria-pressed");
    showProblem(notice);
    byId("said").textContent = text ? "Written down." : "";
    if (!wasStopped && !notice) showProblem("Dictation stops after five minutes. Press Dictate to go on.");
    field.focus();
  },
  onProblem(text) {
    button.firstChild.textContent = "Dictate";
    button.disabled = false;
    button.removeAttribute("aria-pressed");
    showProblem(text);
    button.focus();
  },
});

/** Puts what was said behind what stood in the field. */
function put(text) {
  const space = before && text && !/\s$/.test(before) ? " " : "";
  field.value = before + space + text;
  if (text) isUnsaved = true;
}

async function toggle(pressed) {
  if (dictation.isOn) {
    if (pressed !== button) return;
    button.firstChild.textContent = "Writing down ...";
    button.disabled = true;
    byId("said").textContent = "Writing down what you said.";
    dictation.stop();
    return;
  }
  button = pressed;
  field = byId(button.dataset.for);
  before = field.value;
  showProblem("");
  button.disabled = true;
  try {
    await dictation.start();
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    button.disabled = false;
    showProblem(error.message);
    return;
  }
  button.disabled = false;
  button.setAttribute("aria-pressed", "true");
  button.firstChild.textContent = "Stop";
  byId("said").textContent = "Listening. Speak, then press Stop.";
}

for (const each of document.querySelectorAll(".dictate")) {
  each.hidden = false;
  each.addEventListener("click", () => toggle(each));
}
