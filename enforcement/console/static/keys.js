// Keys: in a list j and k move and Enter opens (the browser's own, as the link has the focus); on a case
// u goes up to the list and n to the next case to decide.
// Everything works without this file.
"use strict";

const rows = () => [...document.querySelectorAll("tr[data-row] a")];

function move(step) {
  const links = rows();
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(checkbox|radio)$/.test(event.target.type);
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "u" || event.key === "n") document.querySelector(`a[data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});

document.getElementById("refused")?.focus();
