
"use strict";
const text = document.getElementById("data").textContent;
const data = JSON.parse(text);
const page = document.getElementById("page");
const choices = [["0", "Left is better"], ["1", "Right is better"], ["both", "Equally good"], ["neither", "Neither is of use"]];
const unveil = (veiled) => JSON.parse(atob(veiled));

// The tally outlives the tab; another page (other runs, another shuffle) has another key.
let digest = 0;
for (const letter of text) digest = (Math.imul(digest, 31) + letter.codePointAt(0)) | 0;
const key = "plumbline-side-by-side-" + (digest >>> 0).toString(16);
let picks = {};
try { picks = JSON.parse(localStorage.getItem(key)) || {}; } catch { picks = {}; }
let at = Math.max(0, data.cases.findIndex((each) => !(each.id in picks)));

function make(name, words, ...inside) {
  const element = document.createElement(name);
  if (words) element.textContent = words;
  element.append(...inside);
  return element;
}

function classed(name, element) {
  element.className = name;
  return element;
}

function button(words, action, pressed) {
  const made = make("button", words);
  made.type = "button";
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", action);
  return made;
}

function keep() {
  try { localStorage.setItem(key, JSON.stringify(picks)); } catch { /* kept in this tab only */ }
}

function pick(choice) {
  picks[data.cases[at].id] = choice;
  keep();
  if (at < data.cases.length - 1) at += 1;
  draw();
}

function move(by) {
  at = Math.min(data.cases.length - 1, Math.max(0, at + by));
  draw();
}

function side(name, comments) {
  const box = classed("side", make("section", "", make("h2", name)));
  if (!comments.length) box.append(make("p", "Says nothing: no comment."));
  for (const one of comments) {
    box.append(classed("comment", make("div", "",
      make("strong", one.severity + ": " + one.title),
      classed("place", make("div", one.place)),
      classed("words", make("div", one.body)))));
  }
  return box;
}

function diff(lines) {
  const box = make("pre", "");
  for (const line of lines.split("\n")) {
    const kind = line.startsWith("@@") || line.startsWith("diff ") ? "at"
      : line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "";
    box.append(classed(kind, make("span", line + "\n")));
  }
  return box;
}

// Who stood where is looked up only here: after the last pick, and for the export.
function tally() {
  const names = unveil(data.names);
  const counted = { [names[0]]: 0, [names[1]]: 0, both: 0, neither: 0 };
  const rows = [];
  for (const each of data.cases) {
    if (!(each.id in picks)) continue;
    const choice = picks[each.id];
    const winner = choice === "0" || choice === "1" ? names[unveil(each.key)[Number(choice)]] : choice;
    counted[winner] += 1;
    rows.push({ case: each.id, pick: winner });
  }
  return { schema: 1, a: names[0], b: names[1], tally: counted, picks: rows };
}

function exported() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(tally(), null, 1)], { type: "application/json" }));
  link.download = "side-by-side.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

function forget() {
  if (!confirm("Forget all picks?")) return;
  picks = {};
  keep();
  at = 0;
  draw();
}

function outcome() {
  const box = make("section", "", make("h2", "All picked"));
  const table = make("table", "");
  for (const [name, count] of Object.entries(tally().tally)) {
    table.append(make("tr", "", make("th", name), make("td", String(count))));
  }
  box.append(table);
  return box;
}

function draw() {
  const one = data.cases[at];
  const done = data.cases.filter((each) => each.id in picks).length;
  page.replaceChildren(
    make("p", `Case ${at + 1} of ${data.cases.length}, ${done} picked. Keys: 1 left, 2 right, 3 equal, 4 neither, arrows move.`),
    ...(done === data.cases.length ? [outcome()] : []),
    make("h1", one.title || "(no title)"),
    classed("words", make("p", one.body)),
    make("details", "", make("summary", "The change"), diff(one.diff)),
    classed("sides", make("div", "", side("Left", one.sides[0]), side("Right", one.sides[1]))),
    classed("picks", make("div", "", ...choices.map(([choice, words]) =>
      button(words, () => pick(choice), picks[one.id] === choice)))),
    classed("moves", make("div", "", button("Back", () => move(-1)), button("Next", () => move(1)),
      button("Export the picks", exported), button("Forget all", forget))));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const number = ["1", "2", "3", "4"].indexOf(event.key);
  if (number >= 0) pick(choices[number][0]);
  else if (event.key === "ArrowLeft") move(-1);
  else if (event.key === "ArrowRight") move(1);
});
draw();
