// Plays what the interviewer would say; one thing at a time, and a second click stops it.

let context = null;
let playing = null;

for (const button of document.querySelectorAll("[data-listen]")) {
  const title = button.textContent;
  const told = button.parentElement.querySelector(".told");
  button.hidden = false;

  button.addEventListener("click", async () => {
    if (playing?.button === button) {
      playing.source.stop();
      return;
    }
    playing?.source.stop();
    told.textContent = "";
    button.textContent = "One moment ...";
    try {
      context ??= new AudioContext();
      await context.resume();
      const reply = await fetch(button.dataset.listen);
      if (!reply.ok) throw new SpeechError(await reply.text());
      play(await context.decodeAudioData(await reply.arrayBuffer()));
    } catch (error) {
      button.textContent = title;
      if (error instanceof TypeError) told.textContent = "The voice could not be reached. Is voicemock serve still running?";
      else if (error instanceof SpeechError) told.textContent = error.message;
      else throw error;
    }
  });

  function play(buffer) {
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => {
      button.textContent = title;
      if (playing?.source === source) playing = null;
    };
    playing = { button, source };
    button.textContent = "Stop";
    source.start();
  }
}

class SpeechError extends Error {}
