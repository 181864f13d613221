// Forms: what was typed is not lost. Leaving asks, and a form that nobody would take is not sent.

/** A form that is sent to nobody leaves an error of the browser in place of the page. */
export async function isServed() {
  try {
    return (await fetch("/static/web.css", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const GONE = "The connection to voicemock was lost. What you wrote is still here: start voicemock serve again, open the address that it prints in another tab, then try again.";

function keep(form) {
  let isUnsaved = Boolean(form.querySelector(".problem:not([data-gone])"));
  let isChecked = false;
  form.addEventListener("input", () => { isUnsaved = true; });
  form.addEventListener("submit", async (event) => {
    if (isChecked) {
      isUnsaved = false;
      return;
    }
    event.preventDefault();
    if (await isServed()) {
      isChecked = true;
      form.requestSubmit(event.submitter);
      isChecked = false;
      return;
    }
    const problem = form.querySelector("[data-gone]");
    problem.textContent = GONE;
    problem.hidden = false;
    problem.scrollIntoView({ block: "center" });
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });
}

for (const form of document.querySelectorAll("form[data-kept]")) keep(form);
history.replaceState(null, "", location.href); // so that Back asks for the page again, and sends no form a second time
