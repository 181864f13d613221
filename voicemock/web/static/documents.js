// Reads the text of a document that is chosen or dropped, and puts it where it can be seen and changed before it is kept.

const form = document.querySelector("form[data-document]");

for (const field of form.querySelectorAll(".drop")) {
  const text = field.querySelector("textarea");
  const chooser = field.querySelector("input[type=file]");
  const told = field.querySelector(".told");
  field.querySelector(".choose-file").hidden = false;

  chooser.addEventListener("change", () => {
    if (chooser.files.length) read(chooser.files[0]);
    chooser.value = ""; // the same file may be chosen again
  });

  field.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return; // text is dropped as everywhere
    event.preventDefault();
    field.classList.add("over");
  });
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    field.classList.remove("over");
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    read(file);
  });

  async function read(file) {
    say(`Reading ${file.name} ...`);
    try {
      text.value = await textOf(file);
      say(`Read from ${file.name}: ${text.value.split(/\s+/).length} words. Look it over, then save it.`);
      text.focus();
      text.setSelectionRange(0, 0);
      text.scrollTop = 0;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      say(error.message, true);
    }
  }

  function say(words, isBad = false) {
    told.textContent = words;
    told.classList.toggle("warning", isBad);
  }
}

class DocumentError extends Error {}

async function textOf(file) {
  if (file.size > Number(form.dataset.largest)) {
    const megabytes = Math.round(file.size / 1e6);
    throw new DocumentError(form.dataset.tooLarge.replace("{name}", () => file.name).replace("{size}", megabytes));
  }
  let reply;
  try {
    const type = file.type || "application/octet-stream";
    const address = `${form.dataset.document}?name=${encodeURIComponent(file.name)}`;
    reply = await fetch(address, { method: "POST", headers: { "Content-Type": type }, body: file });
  } catch {
    throw new DocumentError(`${file.name} could not be read. Is voicemock serve still running?`);
  }
  if (!reply.ok) throw new DocumentError(await reply.text());
  return (await reply.json()).text;
}
