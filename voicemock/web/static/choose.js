// Finds questions by their words.
const find = document.getElementById("find");
const found = document.getElementById("found");

find.addEventListener("input", () => {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of document.querySelectorAll(".questions")) {
    let inGroup = 0;
    for (const item of group.querySelectorAll("li")) {
      const text = item.textContent.toLowerCase();
      item.hidden = !wanted.every((word) => text.includes(word));
      if (!item.hidden) inGroup += 1;
    }
    group.open = wanted.length > 0 && inGroup > 0;
    group.hidden = inGroup === 0;
    count += inGroup;
  }
  found.textContent = wanted.length ? `${count} question${count === 1 ? "" : "s"} found` : "";
});
