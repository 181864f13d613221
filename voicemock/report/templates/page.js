"use strict";
// The page is complete without this script; it plays, follows and draws. Text reaches the page from the template alone.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Plays one answer and knows which word is spoken. */
class Player {
  constructor(article, data) {
    this.article = article;
    this.audio = article.querySelector("audio");
    this.follows = article.querySelector(".follow input");
    this.times = data.words;
    this.atoms = new Map();
    for (const atom of article.querySelectorAll(".w")) {
      const word = Number(atom.dataset.w);
      this.atoms.set(word, [...(this.atoms.get(word) ?? []), atom]);
    }
    this.shown = [...this.atoms.keys()].filter((word) => this.times[word]?.[0] != null).sort((a, b) => a - b);
    this.current = null;
    this.listeners = [];
    for (const event of ["timeupdate", "seeking", "seeked"]) this.audio.addEventListener(event, () => this.update());
    this.audio.addEventListener("play", () => this.run());
  }

  /** Hear the answer from a moment on. */
  hear(seconds) {
    this.seek(seconds);
    this.play();
  }

  seek(seconds) {
    this.audio.currentTime = Math.max(0, seconds);
    this.update(seconds);
  }

  play() {
    for (const other of document.querySelectorAll("audio")) if (other !== this.audio) other.pause();
    this.audio.play().catch(() => {}); // the browser refuses or the file is gone: the player shows it
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  step(by) {
    const place = this.current === null ? -1 : this.shown.indexOf(this.current);
    const next = this.shown[Math.min(Math.max(place + by, 0), this.shown.length - 1)];
    if (next !== undefined) this.seek(this.times[next][0]);
  }

  run() {
    const frame = () => {
      this.update();
      if (!this.audio.paused) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  update(seconds = this.audio.currentTime) {
    this.mark(this.wordAt(seconds));
    for (const listener of this.listeners) listener(seconds);
  }

  /** The last word that has begun; none before the first. */
  wordAt(seconds) {
    let low = 0;
    let high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[this.shown[middle]][0] <= seconds + 0.01) low = middle + 1;
      else high = middle;
    }
    return low ? this.shown[low - 1] : null;
  }

  mark(word) {
    if (word === this.current) return;
    for (const atom of this.atoms.get(this.current) ?? []) atom.removeAttribute("aria-current");
    this.current = word;
    const atoms = this.atoms.get(word) ?? [];
    for (const atom of atoms) atom.setAttribute("aria-current", "true");
    if (atoms.length && this.follows?.checked) this.keepInSight(atoms[0]);
  }

  keepInSight(atom) {
    const line = atom.closest(".line");
    if (line === this.line || (this.audio.paused && document.activeElement?.closest(".transcript") === null)) return;
    this.line = line;
    const { top, bottom } = line.getBoundingClientRect();
    if (top > 90 && bottom < innerHeight - 20) return;
    line.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
  }
}

function listen(article, player) {
  article.addEventListener("click", (event) => {
    const moment = event.target.closest("[data-at]");
    if (moment) player.hear(Number(moment.dataset.at));
    const word = getSelection().isCollapsed ? event.target.closest(".w") : null; // who selects text wants to copy it
    const time = word && player.times[Number(word.dataset.w)]?.[0];
    if (time != null) player.hear(time);
  });
  article.querySelector(".transcript")?.addEventListener("keydown", (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowLeft: () => player.step(-1),
      ArrowRight: () => player.step(1),
      Enter: () => player.toggle(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const LANES = ["You", "Target", "Pauses", "Fillers", "Results"];

/** Writes a part's title, or its first letter, into its bar where it fits. */
const titles = {
  id: "titles",
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.font = `600 11px ${Chart.defaults.font.family}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    chart.data.datasets.forEach((dataset, index) => {
      if (!dataset.titleColor) return;
      chart.getDatasetMeta(index).data.forEach((bar, place) => {
        const { x, base, y } = bar.getProps(["x", "base", "y"]);
        const { title } = dataset.data[place];
        const fitting = [title, title[0]].find((text) => ctx.measureText(text).width < Math.abs(x - base) - 6);
        ctx.fillStyle = dataset.titleColor;
        if (fitting) ctx.fillText(fitting, (x + base) / 2, y);
      });
    });
    ctx.restore();
  },
};

function bars(lane, entries, color, extra = {}) {
  return {
    type: "bar",
    indexAxis: "y",
    yAxisID: "lanes",
    grouped: false,
    minBarLength: 2,
    data: entries.map((entry) => ({ ...entry, x: [entry.from, entry.to], y: lane })),
    backgroundColor: entries.map(color),
    ...extra,
  };
}

function points(lane, entries, style, color) {
  return {
    type: "scatter",
    indexAxis: "x",
    yAxisID: "lanes",
    data: entries.map((entry) => ({ ...entry, x: (entry.from + entry.to) / 2, y: lane })),
    pointStyle: style,
    radius: 6,
    hoverRadius: 8,
    clip: 8,
    backgroundColor: color,
    borderColor: color,
  };
}

function paceLine(data, color) {
  const all = data.pace.map((entry) => ({ ...entry, x: (entry.from + entry.to) / 2, y: entry.pace }));
  const edge = (pace, fill) => ({
    type: "line", indexAxis: "x", yAxisID: "pace", pointRadius: 0, pointHitRadius: 0, borderWidth: 0, fill,
    backgroundColor: color("band"), data: [{ x: 0, y: pace }, { x: data.duration, y: pace }],
  });
  return [
    { type: "line", indexAxis: "x", yAxisID: "pace", data: all, borderColor: color("accent"), backgroundColor: color("accent"),
      borderWidth: 2, pointRadius: 3 },
    edge(197, "+1"),
    edge(126, false),
  ];
}

/** The melody in semitones, which are equal steps to the ear. A consonant is bridged; a pause is a gap. */
function pitchLine(data, color) {
  if (!data.pitch) return [];
  const all = data.pitch.semitones
    .map((semitones, place) => ({ x: (place + 0.5) * data.pitch.step, y: semitones }))
    .filter((point) => point.y !== null);
  return [{ type: "line", indexAxis: "x", yAxisID: "pitch", data: all, borderColor: color("accent"), borderWidth: 1.5,
    pointRadius: 0, pointHitRadius: 0, spanGaps: 2.5 * data.pitch.step }];
}

function datasets(data) {
  const color = colors();
  const part = (entry) => color(`part-${entry.part}`);
  const kind = (name) => data.fillers.filter((entry) => entry.kind === name);
  return [
    bars("You", data.parts, part, { titleColor: color("card"), barPercentage: 0.95, categoryPercentage: 0.95 }),
    bars("Target", data.targets, (entry) => `${part(entry)}40`, {
      titleColor: color("text"), barPercentage: 0.7, categoryPercentage: 0.95,
    }),
    bars("Pauses", data.pauses, () => color("quiet"), { barPercentage: 0.5 }),
    points("Fillers", kind("filled_pause"), "circle", color("part-2")),
    points("Fillers", kind("discourse_marker"), "triangle", color("part-4")),
    points("Results", data.results, "rectRot", color("good")),
    ...paceLine(data, color),
    ...pitchLine(data, color),
  ];
}

function scales(data) {
  const color = colors();
  const tick = (size = 11) => ({ color: color("quiet"), font: { size } });
  return {
    x: { type: "linear", min: 0, max: data.duration, grid: { color: color("grid") },
      ticks: { ...tick(), stepSize: data.duration > 90 ? 30 : 10, maxRotation: 0, includeBounds: false, callback: clock } },
    pace: { type: "linear", position: "left", stack: "time", stackWeight: 2, weight: 1, suggestedMin: 100, suggestedMax: 220,
      grid: { color: color("grid") }, ticks: { ...tick(), maxTicksLimit: 5 },
      title: { display: true, text: "words / minute", color: color("quiet"), font: { size: 11 } } },
    ...(data.pitch && { pitch: { type: "linear", position: "left", stack: "time", stackWeight: 2, weight: 0,
      suggestedMin: -6, suggestedMax: 6, grid: { color: color("grid") },
      ticks: { ...tick(), maxTicksLimit: 5, callback: (value, index, all) => (index === all.length - 1 ? "" : value) },
      title: { display: true, text: "semitones", color: color("quiet"), font: { size: 11 } } } }),
    lanes: { type: "category", position: "left", labels: LANES, stack: "time", stackWeight: 4, weight: 2, offset: true,
      grid: { display: false }, ticks: { ...tick(12), color: color("text"), autoSkip: false } },
  };
}

function tooltip() {
  return {
    displayColors: false,
    filter: (item) => item.raw.title !== undefined,
    callbacks: {
      title: (items) => items.map((item) => item.raw.title),
      label: (item) => `${clock(item.raw.from)} to ${clock(item.raw.to)}${item.raw.detail ? `: ${item.raw.detail}` : ""}`,
    },
  };
}

function draw(article, data, player) {
  const canvas = article.querySelector("canvas");
  const playhead = article.querySelector(".playhead");
  const chart = new Chart(canvas, {
    data: { datasets: datasets(data) },
    options: {
      animation: false, maintainAspectRatio: false, parsing: true, indexAxis: "y",
      interaction: { mode: "nearest", intersect: true },
      scales: scales(data),
      plugins: { legend: { display: false }, tooltip: tooltip() },
      onClick: (event, _, self) => player?.hear(self.scales.x.getValueForPixel(event.x)),
    },
    plugins: [titles],
  });
  player?.listeners.push((seconds) => {
    playhead.hidden = false;
    playhead.style.left = `${chart.scales.x.getPixelForValue(seconds)}px`;
    playhead.style.top = `${chart.chartArea.top}px`;
    playhead.style.height = `${chart.chartArea.bottom - chart.chartArea.top}px`;
  });
  return () => {
    chart.data.datasets = datasets(data);
    chart.options.scales = scales(data);
    chart.resize(); // paper has a lower chart
    chart.update("none");
  };
}

/** A quote of the debrief is heard in its answer, to which the link leads. */
function hearQuotes(players) {
  document.querySelector("#debrief")?.addEventListener("click", (event) => {
    const link = event.target.closest("[data-hear]");
    if (link) players.get(link.hash.slice(1))?.hear(Number(link.dataset.hear));
  });
  addEventListener("beforeprint", () => {
    for (const card of document.querySelectorAll("#debrief details")) card.open = true;
  });
}

/** A link from elsewhere leads to a moment of an answer: "?at=83.2#answer-2". Enter plays from there. */
function showMoment(players) {
  const at = new URLSearchParams(location.search).get("at");
  const player = players.get(location.hash.slice(1));
  if (!player || at === null || !Number.isFinite(Number(at))) return;
  addEventListener("load", () => { // until then the browser itself goes to the answer, and takes the focus away
    player.article.querySelector(".transcript")?.focus({ preventScroll: true });
    player.seek(Number(at));
  });
}

function start() {
  const redraws = [];
  const players = new Map();
  for (const article of document.querySelectorAll(".answer")) {
    const block = article.querySelector("script.data");
    if (!block) continue;
    const data = JSON.parse(block.textContent);
    const player = article.querySelector("audio") ? new Player(article, data) : null;
    if (player) {
      listen(article, player);
      players.set(article.id, player);
    }
    if (article.querySelector("canvas")) redraws.push(draw(article, data, player));
  }
  hearQuotes(players);
  showMoment(players);
  whenLooksChange(() => redraws.forEach((each) => each()));
}

start();
