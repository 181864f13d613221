"use strict";
// Comments on words, ratings, and the file that holds both. Text reaches the page as text alone. The places of words come
// from the page: this script counts no characters, because a browser counts them otherwise than what reads the file.

const about = JSON.parse(document.querySelector("#about").textContent);
const made = (id) => document.querySelector(id).content.firstElementChild.cloneNode(true);
let isSaved = true;

function changed() {
  isSaved = false;
  document.querySelector("#told").textContent = "";
}

/** One answer: its words, and what is said of them. */
class Reviewed {
  constructor(article) {
    this.article = article;
    this.data = JSON.parse(article.querySelector("script.data").textContent);
    this.audio = article.querySelector("audio");
    this.transcript = article.querySelector(".transcript");
    this.list = article.querySelector(".comments");
    this.words = [...article.querySelectorAll(".w")];
    this.comments = [];
    this.current = -1;
    article.addEventListener("click", (event) => this.clicked(event));
    this.transcript.addEventListener("keydown", (event) => this.pressed(event));
    for (const input of article.querySelectorAll(".rating input")) input.addEventListener("change", changed);
  }

  clicked(event) {
    const at = event.target.closest("[data-at]");
    if (at) {
      this.audio.currentTime = Number(at.dataset.at);
      this.audio.play().catch(() => {});
    }
    const sentence = event.target.closest(".sentence");
    if (event.target.closest(".comment-on")) this.edit(Number(sentence.dataset.first), Number(sentence.dataset.last), sentence);
    const word = getSelection().isCollapsed ? event.target.closest(".w") : null;
    if (word) {
      this.mark(this.words.indexOf(word));
      this.edit(Number(word.dataset.w), Number(word.dataset.w), sentence);
    }
  }

  pressed(event) {
    if (event.target !== this.transcript || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") this.mark(Math.max(this.current - 1, 0));
    else if (event.key === "ArrowRight") this.mark(Math.min(this.current + 1, this.words.length - 1));
    else if (event.key === "Enter" && this.current >= 0) {
      const word = this.words[this.current];
      this.edit(Number(word.dataset.w), Number(word.dataset.w), word.closest(".sentence"));
    } else return;
    event.preventDefault();
  }

  mark(place) {
    this.words[this.current]?.removeAttribute("aria-current");
    this.current = place;
    this.words[place]?.setAttribute("aria-current", "true");
    this.words[place]?.scrollIntoView({ block: "nearest" });
  }

  /** The words from one number to another, as they are shown. */
  textOf(first, last) {
    const shown = this.words.filter((word) => Number(word.dataset.w) >= first && Number(word.dataset.w) <= last);
    return shown.map((word) => word.textContent).join(" ");
  }

  /** Asks for a comment below a sentence; "kept" is one that is changed. */
  edit(first, last, sentence, kept = null) {
    document.querySelector(".editor")?.remove();
    const form = made("#editor");
    const text = form.querySelector("textarea");
    form.querySelector("q").textContent = this.textOf(first, last);
    text.value = kept ? kept.text : "";
    const close = () => { form.remove(); this.transcript.focus({ preventScroll: true }); };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim()) this.keep(kept ?? { first, last }, text.value.trim());
      close();
    });
    form.querySelector(".cancel").addEventListener("click", close);
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    sentence.after(form);
    text.focus();
  }

  keep(comment, text) {
    if (!this.comments.includes(comment)) {
      if (this.comments.length >= about.most) return;
      this.comments.push(comment);
    }
    comment.text = text;
    this.comments.sort((one, other) => one.first - other.first || one.last - other.last);
    changed();
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.comments.map((comment) => this.item(comment)));
    this.article.querySelector(".none").hidden = this.comments.length > 0;
  }

  item(comment) {
    const item = made("#comment");
    const start_s = this.data.words[comment.first][2];
    item.querySelector(".text").textContent = comment.text;
    item.querySelector("q").textContent = this.textOf(comment.first, comment.last);
    item.querySelector(".where").textContent = start_s === null ? "" : clock(start_s);
    const word = this.words.find((each) => Number(each.dataset.w) >= comment.first);
    item.querySelector(".edit").addEventListener("click", () => {
      this.edit(comment.first, comment.last, word.closest(".sentence"), comment);
    });
    item.querySelector(".remove").addEventListener("click", () => {
      this.comments = this.comments.filter((each) => each !== comment);
      changed();
      this.show();
    });
    return item;
  }

  ratings() {
    const chosen = (item) => this.article.querySelector(`input[name="${this.article.id}-${item}"]:checked`)?.value;
    return Object.fromEntries(about.items.map((item) => [item, chosen(item) ? Number(chosen(item)) : null]));
  }

  /** What is said of this answer; null where nothing is. */
  said() {
    const ratings = this.ratings();
    if (!this.comments.length && Object.values(ratings).every((value) => value === null)) return null;
    const comments = this.comments.map(({ first, last, text }) => ({
      start_char: this.data.words[first][0],
      end_char: this.data.words[last][1],
      text,
    }));
    return { position: this.data.position, transcript_sha256: this.data.hash, ratings, comments };
  }
}

const reviewed = [...document.querySelectorAll("article.answer")].map((article) => new Reviewed(article));

function save() {
  const told = document.querySelector("#told");
  const name = document.querySelector("#reviewer");
  const answers = reviewed.map((each) => each.said()).filter((said) => said !== null);
  if (!answers.length) {
    told.textContent = "There is nothing to save yet: write a comment, or rate an answer.";
    return;
  }
  const reviewer = name.value.trim();
  if (!reviewer) {
    told.textContent = "Write your name first.";
    name.focus();
    return;
  }
  const { kind, schema_version, session } = about;
  const content = JSON.stringify({ kind, schema_version, session, reviewer, answers }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `review-${session}-${reviewer.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").toLowerCase()}.json`;
  link.click();
  isSaved = true;
  told.textContent = `Saved as ${link.download}. Send it to the person who sent you this page.`;
}

document.querySelector("#save").addEventListener("click", save);
document.querySelector("#reviewer").addEventListener("input", changed);
addEventListener("beforeunload", (event) => { if (!isSaved) event.preventDefault(); });
