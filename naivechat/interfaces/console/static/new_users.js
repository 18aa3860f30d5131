"use strict";
// A table of users: a file is shown before it is sent, and what is shown is sent as CSV, not as a form, which it would be too long for.

const form = document.getElementById("table");
const file = document.getElementById("file");
const shown = form.elements.table;

function complain(sentence) {
  const said = document.createElement("p");
  said.className = "message bad";
  said.textContent = sentence;
  document.getElementById("outcome").replaceChildren(said);
}

// So that a file may be chosen again after it was corrected.
file.addEventListener("click", () => {
  file.value = "";
});

file.addEventListener("change", async () => {
  if (!file.files.length) return;
  document.getElementById("outcome").replaceChildren();
  const content = await file.files[0].arrayBuffer();
  try {
    shown.value = new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    complain(form.dataset.noText);
  }
});

form.addEventListener("htmx:before:request", (event) => {
  if (shown.value.length > Number(form.dataset.longest)) {
    event.preventDefault();
    complain(form.dataset.tooLong);
    return;
  }
  const request = event.detail.ctx.request;
  request.body = shown.value;
  request.headers["Content-Type"] = "text/csv; charset=utf-8";
});
