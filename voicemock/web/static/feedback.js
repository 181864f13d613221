// Draws feedback. Everything is text: nothing that was said becomes markup.

export function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

/** The feedback on one answer, under the question it answers. */
export function answerCard(event) {
  const audio = event.recording ? element("audio", { controls: "", preload: "none", src: event.recording }) : null;
  const heading = element("h2", { text: event.title || "Your answer" });
  return element("article", { class: event.is_reply ? "answer reply" : "answer" },
    heading,
    event.figures.length ? figures(event.figures) : null,
    event.clock?.length ? storyClock(event.clock_title, event.clock) : null,
    element("p", { class: "spoken", text: event.spoken }),
    event.points.length ? element("ul", { class: "points" }, ...event.points.map((each) => point(each, audio))) : null,
    event.drill ? element("p", { class: "drill" }, element("b", { text: "Drill: " }), event.drill) : null,
    event.since_last.length ? element("p", { text: `${event.since_title || "Since the last take"}:` }) : null,
    event.since_last.length ? list(event.since_last) : null,
    event.transcript ? element("details", { class: "more" }, element("summary", { text: "What you said" }), element("p", { text: event.transcript })) : null,
    audio ? element("div", { class: "player", role: "group", "aria-label": "Recording of this answer" }, audio) : null,
  );
}

/** The candidate's own ratings beside the measures. */
export function ownView(event) {
  return element("section", { class: "own-view" }, element("h3", { text: event.title }), list(event.lines));
}

/** What was observed over all answers. */
export function debriefCard(event) {
  return element("article", { class: "answer" },
    element("h2", { text: "Debrief" }),
    element("p", { class: "quiet", text: event.summary }),
    element("p", { class: "spoken", text: event.spoken }),
    ...event.groups.flatMap((group) => [
      element("h3", { text: group.title }),
      element("ul", {}, ...group.points.map((each) => element("li", { text: each.text },
        each.quote ? element("p", { class: "quote" }, element("q", { text: each.quote }), each.source ? ` (${each.source})` : null) : null))),
    ]),
    event.next_work ? element("h3", { text: "Work on next" }) : null,
    event.next_work ? element("p", { text: event.next_work.text }) : null,
    event.next_work?.drill ? element("p", { class: "drill" }, element("b", { text: "Drill: " }), event.next_work.drill) : null,
  );
}

function figures(rows) {
  return element("dl", { class: "figures" }, ...rows.map(([title, value, note]) => element("div", {},
    element("dt", { text: title }),
    element("dd", {}, element("strong", { text: value }), " ", element("span", { class: "quiet", text: note })))));
}

/** The parts of a story with their time and share, against what they should have. */
function storyClock(title, rows) {
  return element("table", { class: "story-clock" }, element("caption", { text: title }),
    element("thead", {}, element("tr", {}, ...["Part", "Time", "Share", "Aim", "Verdict"].map((text) => element("th", { text, scope: "col" })))),
    element("tbody", {}, ...rows.map(([part, time, share, aim, verdict]) => element("tr", {},
      element("th", { text: part, scope: "row" }), ...[time, share, aim, verdict].map((text) => element("td", { text }))))));
}

function list(texts) {
  return element("ul", { class: "changes" }, ...texts.map((text) => element("li", { text })));
}

function point(each, audio) {
  const tag = element("span", { class: "tag", text: each.kind === "strength" ? "Keep" : "Work on" });
  return element("li", { class: each.kind }, element("p", {}, tag, " ", each.text), each.quote ? quote(each, audio) : null);
}

/** The words, and a click plays the moment they were said. */
function quote(each, audio) {
  const words = element("q", { text: each.quote });
  if (!audio || each.start_s === null) return element("p", { class: "quote" }, words);
  const when = element("span", { class: "when", text: each.moment }, element("span", { class: "hidden", text: ", play this moment" }));
  const button = element("button", { type: "button", class: "quote" }, words, " ", when);
  button.addEventListener("click", () => {
    audio.currentTime = each.start_s;
    audio.play().catch(() => {}); // the player beside it says why
  });
  return button;
}
