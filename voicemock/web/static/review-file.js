// Sends the file that a reviewer saved, and goes to the answer that it is about.

const field = document.querySelector("[data-import]");
const chooser = field.querySelector("input[type=file]");
const told = field.querySelector(".told");
field.hidden = false;

chooser.addEventListener("change", async () => {
  const [file] = chooser.files;
  chooser.value = ""; // the same file may be chosen again
  if (!file) return;
  told.textContent = `Reading ${file.name} ...`;
  let reply;
  try {
    const address = `${field.dataset.import}?name=${encodeURIComponent(file.name)}`;
    reply = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: file });
  } catch {
    told.textContent = `${file.name} could not be read. Is voicemock serve still running?`;
    return;
  }
  if (reply.ok) location.assign((await reply.json()).address);
  else told.textContent = await reply.text();
});
