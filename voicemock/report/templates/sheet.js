"use strict";
// What the scripts of all pages have in common. Text reaches a page from its template alone.

// No policy stops a meta element that leads elsewhere. Nothing of ours leads away from a page that is a file, or from the
// server of one that is sent, so a browser that asks is told to stay.
const isServed = location.protocol !== "file:";
globalThis.navigation?.addEventListener("navigate", (event) => {
  if (event.destination.url.startsWith("blob:")) return; // a file that one of our own scripts made, to be saved
  if (isServed && new URL(event.destination.url).origin === location.origin) return;
  if (event.cancelable && !event.hashChange && event.navigationType !== "reload") event.preventDefault();
});

const clock = (seconds) => {
  const whole = Math.floor(seconds + 0.5);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function colors() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

/** Calls a function when the colors change: dark, light, paper. */
function whenLooksChange(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => { document.documentElement.dataset.print = ""; redraw(); });
  addEventListener("afterprint", () => { delete document.documentElement.dataset.print; redraw(); });
}

if (globalThis.Chart) Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
