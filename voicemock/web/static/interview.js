// The interview in the page: the setup, the stage, and what to click when something is in the way.
import { answerCard, debriefCard, ownView } from "/static/feedback.js";
import { Line } from "/static/line.js";
import { Microphone, MicrophoneError, levelOf, processingText } from "/static/microphone.js";
import { Voice } from "/static/voice.js";

const byId = (id) => document.getElementById(id);
const root = byId("interview");
const KEYS = { Enter: "end", " ": "end", r: "repeat", s: "skip", d: "drill", q: "quit" };
const RATINGS = ["1", "2", "3", "4", "5"];
const PHASES = {
  preparing: "One moment ...",
  speaking: "The interviewer is speaking.",
  listening: "Listening.",
  thinking: "One moment ...",
  paused: "Paused. Are you still there?",
  drill: "Try the drill now, or go on.",
  rating: "Your own view first.",
};
const NO_WORDS_YET = "Your words appear here a few seconds after you say them.";
const SOUND_STARTS_WITHIN_MS = 500;
const ROOM_ABOVE = 1.25; // the bar ends at this multiple of the longest good answer

let phase = "preparing";
let exchange = null; // where the feedback on a question and its follow-ups goes
let isReplayed = true; // until everything that was shown before is shown again
let hasDrill = false;
let isOver = false;
let waitingVoice = null;
let wasMuted = false;

const microphone = new Microphone({
  onBlock(block) {
    if (!byId("setup").hidden) showCheckLevel(levelOf(block));
    line.sendBlock(microphone.rate, block);
  },
  onLost() {
    if (!byId("setup").hidden) problem("The microphone was disconnected. Plug it in, or use another.", [["Try again", checkMicrophone]]);
    else line.say({ type: "microphone_lost" });
  },
  onMuted(isMuted) {
    wasMuted = isMuted;
    showMuted();
  },
});
const voice = new Voice((clip) => { line.say({ type: "played", clip }); showPhase(); });
const line = new Line({ onEvent: take, onVoice: hear, onState: showState });

// --- setup: check the microphone, start -----------------------------------------------------------------------------

byId("check").addEventListener("click", checkMicrophone);
byId("start").addEventListener("click", start);
byId("check").disabled = false; // until now a click would have been lost

async function checkMicrophone() {
  if (!(await openMicrophone(checkMicrophone))) return;
  byId("checked").hidden = false;
  byId("heard-on").textContent = `Listening on ${microphone.name || "the browser's microphone"}.`;
  showProcessing();
  byId("check").textContent = "Check another microphone";
  byId("start").disabled = false;
}

function showProcessing() {
  byId("processing").textContent = processingText(microphone);
  byId("processing").hidden = !byId("processing").textContent;
}

let loudest = 0;
function showCheckLevel(level) {
  byId("check-level").value = level;
  loudest = Math.max(loudest, level);
  if (loudest > 0.4 && byId("check-hint").textContent !== "Your voice is coming through.") byId("check-hint").textContent = "Your voice is coming through.";
}

/** Opens the microphone and says so; shows what is in the way otherwise, with a button that tries again. */
async function openMicrophone(again) {
  try {
    await microphone.open();
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    problem(error.message, [["Try again", again]]);
    return false;
  }
  hideProblem();
  microphone.context.onstatechange = showContext;
  microphone.context.resume(); // before the first click a browser lets this wait for ever
  setTimeout(showContext, SOUND_STARTS_WITHIN_MS);
  return true;
}

function start() {
  if (!microphone.track) return;
  const options = new FormData(byId("options"));
  const choice = JSON.parse(root.dataset.choice);
  choice.style = options.get("style") ?? choice.style;
  if (options.get("follow_ups")) choice.follow_ups = Number(options.get("follow_ups"));
  if (options.get("level")) choice.level = options.get("level");
  if (options.has("silent")) choice.silent = true;
  if (options.has("calm")) choice.calm = true;
  choice.rate_yourself = options.has("rate_yourself");
  if (byId("options").elements.second_opinion) choice.second_opinion = options.has("second_opinion");
  byId("setup").hidden = true;
  byId("so-far").replaceChildren();
  showStage();
  byId("asked").focus();
  line.say({ type: "start", choice });
  line.say({ type: "microphone", name: microphone.name });
  line.open({ begins: true });
}

// --- what comes from the interview ----------------------------------------------------------------------------------

const SHOWN = {
  shown() {
    isReplayed = false;
    if (!microphone.track && !isOver) reopen(); // a page that was opened again, or has taken over
  },
  idle() { if (root.dataset.on === "yes") location.assign("/"); },
  question(event) {
    if (event.kind !== "follow_up" && !event.is_drill) exchange = null;
    hasDrill = false;
    byId("asked-title").textContent = event.title;
    byId("asked").textContent = event.text;
    byId("asked-about").textContent = event.about;
    byId("repeat").hidden = event.kind === "story";
    byId("words").replaceChildren(NO_WORDS_YET);
    byId("fillers").textContent = "";
    byId("clock").textContent = "";
    byId("gone").style.width = "0";
    if (!isReplayed && document.activeElement?.closest("#so-far") === null) byId("asked").focus();
  },
  phase(event) {
    phase = event.phase;
    if (phase === "no_microphone") {
      problem(`${event.problem} Plug it in, or choose another in the browser, then try again.`,
        [["Try again", reopen], ["End the interview", () => press("quit")]]);
    } else if (byId("problem").dataset.about === "microphone") hideProblem();
    showPhase();
  },
  clock(event) {
    const clock = byId("clock");
    clock.textContent = event.text;
    clock.className = `clock ${event.standing}`;
    const [low, high] = event.target_s;
    const end = Math.max(ROOM_ABOVE * high, event.elapsed_s ?? 0);
    byId("aim").style.left = `${(100 * low) / end}%`;
    byId("aim").style.width = `${(100 * (high - low)) / end}%`;
    byId("gone").style.width = `${(100 * (event.elapsed_s ?? 0)) / end}%`;
    byId("level-row").hidden = event.level === null;
    byId("words").hidden = event.level === null;
    byId("level").value = event.level ?? 0;
    byId("too-loud").hidden = !event.too_loud;
    if (event.elapsed_s !== null) byId("notice").hidden = true;
    const warning = byId("warning");
    if (warning.textContent !== event.warning) warning.textContent = event.warning;
    warning.hidden = !event.warning;
  },
  words(event) {
    byId("fillers").textContent = event.fillers;
    byId("words").replaceChildren(...event.pieces.map(([text, isFiller]) => {
      if (!isFiller) return text;
      const mark = document.createElement("mark");
      mark.className = "filled_pause";
      mark.textContent = text;
      return mark;
    }));
  },
  transcribing({ done, count }) {
    if (done < count) byId("phase").textContent = `Writing down what you said (${done} of ${count}) ...`;
  },
  notice({ text }) {
    byId("notice").textContent = text;
    byId("notice").hidden = !text;
  },
  assessed(event) {
    if (!exchange) {
      exchange = document.createElement("div");
      byId("so-far").prepend(exchange);
    }
    exchange.append(answerCard(event));
    hasDrill = hasDrill || (event.drill !== "" && !event.is_reply);
    showPhase();
  },
  rate(event) {
    byId("rating-title").textContent = event.title;
    byId("rating-text").textContent = event.text;
    byId("rating-about").textContent = event.about;
    for (const button of ratingButtons) button.disabled = false;
    phase = "rating";
    showPhase();
    if (!isReplayed) byId("rating-title").focus();
  },
  own_view(event) {
    const card = exchange?.querySelector(".answer");
    card?.insertBefore(ownView(event), card.querySelector(":scope > details, :scope > .player"));
  },
  debriefed(event) {
    byId("debrief").hidden = false;
    byId("so-far").prepend(debriefCard(event));
  },
  silence() { voice.silence(); showPhase(); },
  finished(event) {
    isOver = true;
    line.end();
    microphone.close();
    byId("stage").hidden = true;
    byId("setup").hidden = true;
    hideProblem();
    byId("finished").hidden = false;
    byId("again").classList.toggle("main", !event.session);
    if (event.session) {
      const review = `/sessions/${encodeURIComponent(event.session)}`;
      byId("review").href = review;
      byId("review").hidden = false;
      byId("debrief").href = `${review}/debrief`;
    }
    byId("story").hidden = !event.story;
    if (event.story) byId("story").href = event.story;
    const kept = event.session ? "What you said is kept on this machine." : "";
    byId("finished-title").textContent = event.problem ? "The interview has ended" : "All done";
    byId("finished-text").textContent = [event.problem, kept].filter(Boolean).join(" ");
    byId("finished-title").focus();
  },
};

function take(event) {
  if (event.type !== "idle" && byId("stage").hidden && !isOver) showStage();
  SHOWN[event.type]?.(event);
}

function hear(clip, rate, pcm) {
  waitingVoice = [clip, rate, pcm];
  if (microphone.context?.state === "running") playWaiting();
  else showContext();
}

function playWaiting() {
  if (!waitingVoice) return;
  voice.play(microphone.context, ...waitingVoice);
  waitingVoice = null;
  showPhase();
}

// --- the stage ------------------------------------------------------------------------------------------------------

function showStage() {
  byId("setup").hidden = true;
  byId("stage").hidden = false;
  showPhase();
}

function showPhase() {
  const now = voice.isPlaying ? "speaking" : phase;
  const text = PHASES[now] ?? "";
  if (byId("phase").textContent !== text) byId("phase").textContent = text;
  byId("stage").dataset.phase = now;
  byId("listening").hidden = now !== "listening";
  const end = byId("end");
  end.textContent = { speaking: "Skip the rest", paused: "Go on", drill: "Go on" }[now] ?? "I am done";
  end.disabled = !["speaking", "listening", "paused", "drill"].includes(now);
  byId("drill").hidden = now !== "drill" && !(now === "speaking" && hasDrill);
  byId("repeat").disabled = byId("skip").disabled = now !== "listening";
  const hadFocus = byId("rating").contains(document.activeElement);
  byId("rating").hidden = now !== "rating";
  if (hadFocus && now !== "rating") byId("asked").focus();
}

function press(command) {
  if (command === "end" && voice.isPlaying) voice.silence();
  line.say({ type: "press", command });
}

/** Sends a rating, or "end" for none. Until the next item is asked for, a second click means nothing. */
function rate(command) {
  for (const button of ratingButtons) button.disabled = true;
  press(command);
}

const ratingButtons = [...byId("rating").querySelectorAll("button")];
for (const button of ratingButtons) button.addEventListener("click", () => rate(button.value));

for (const command of ["end", "repeat", "skip", "drill"]) byId(command).addEventListener("click", () => press(command));
byId("quit").addEventListener("click", () => byId("sure").showModal());
byId("sure-no").addEventListener("click", () => byId("sure").close());
byId("sure-yes").addEventListener("click", () => { byId("sure").close(); press("quit"); });

document.addEventListener("keydown", (event) => {
  if (!byId("stage").hidden && !byId("rating").hidden && !byId("sure").open && rateByKey(event)) return;
  const command = KEYS[event.key];
  if (!command || byId("stage").hidden || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (byId("sure").open || event.target.closest("button, a, input, select, summary, audio, textarea")) return;
  if (command !== "quit" && (byId(command).disabled || byId(command).hidden)) return;
  event.preventDefault();
  if (command === "quit") byId("sure").showModal();
  else press(command);
});

/** Takes a number, also while one of the buttons has the focus, and Enter where none has; returns whether it was one. */
function rateByKey(event) {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || ratingButtons[0].disabled) return false;
  const skips = event.key === "Enter" && !event.target.closest("button, a, input, select, summary, audio, textarea");
  if (!RATINGS.includes(event.key) && !skips) return false;
  event.preventDefault();
  rate(skips ? "end" : event.key);
  return true;
}

// --- what is in the way ---------------------------------------------------------------------------------------------

function problem(text, buttons = [], about = "microphone") {
  byId("problem-text").textContent = text;
  byId("problem-buttons").replaceChildren(...buttons.map(([title, act], place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = place ? "button" : "button main";
    button.textContent = title;
    button.addEventListener("click", act);
    return button;
  }));
  byId("problem").dataset.about = about;
  byId("problem").hidden = false;
  byId("problem").focus();
}

function hideProblem() {
  byId("problem").hidden = true;
  delete byId("problem").dataset.about;
}

/** Opens the microphone in the middle of an interview. */
async function reopen() {
  if (!(await openMicrophone(reopen))) return;
  line.say({ type: "microphone", name: microphone.name });
  showContext();
}

/** A browser stops the sound of a page before the first click, on a call, or in the background. */
function showContext() {
  const state = microphone.context?.state;
  if (isOver || byId("stage").hidden) return;
  if (state === "running") {
    if (byId("problem").dataset.about === "sound") hideProblem();
    playWaiting();
  } else if (byId("problem").hidden) {
    problem("The browser has stopped the sound on this page. What you said so far is kept.", [["Go on", goOn]], "sound");
  }
}

async function goOn() {
  if (!microphone.track) {
    await reopen();
    return;
  }
  await microphone.context.resume();
  showContext();
}

function showMuted() {
  if (byId("stage").hidden && byId("setup").hidden) return;
  if (wasMuted) problem("The microphone is muted. Unmute it: on the microphone, in the system, or with the icon in the address bar.", [], "muted");
  else if (byId("problem").dataset.about === "muted") hideProblem();
}

function showState(state) {
  if (isOver) return;
  const texts = {
    away: ["The connection to voicemock was lost. What you said is kept, and the page is trying to reconnect. Is voicemock serve still running? If it was started again, open the address that it printed.", []],
    busy: ["This interview is open in another tab. Continue there, or take it over here.", [["Take it over", takeOver]]],
    taken_over: ["The interview is continuing in another tab.", [["Take it over", takeOver]]],
    refused: ["voicemock did not understand this page. Reload it.", [["Reload", () => location.reload()]]],
  };
  if (state === "open") {
    if (byId("problem").dataset.about === "line") hideProblem();
  } else if (state !== "away" || line.tries > 1) {
    problem(...texts[state], "line");
  }
  if (state === "busy" || state === "taken_over") {
    voice.silence();
    microphone.close();
    byId("stage").hidden = true;
  }
}

function takeOver() {
  hideProblem();
  line.open({ takesOver: true });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || byId("stage").hidden) return;
  microphone.context?.resume().then(showContext); // a browser may have stopped it in the background
});

// --- a page that is opened again --------------------------------------------------------------------------------------

if (root.dataset.on === "yes") {
  showStage();
  line.open();
}
