"use strict";
(() => {
  const graph = document.getElementById("graph");
  if (!graph) return;
  const nodes = [...graph.querySelectorAll(".node")];
  const edges = [...graph.querySelectorAll(".edge")];
  let chosen = null;

  // All that hangs on a node, outwards, and what it relies on, inwards to the change.
  function reach(start, from, to) {
    const found = new Set([start]);
    for (let grew = true; grew; ) {
      grew = false;
      for (const edge of edges) {
        if (found.has(edge.dataset[from]) && !found.has(edge.dataset[to])) {
          found.add(edge.dataset[to]);
          grew = true;
        }
      }
    }
    return found;
  }

  function light(at) {
    graph.classList.toggle("picking", at !== null);
    if (at === null) return;
    const users = reach(at, "used", "user");
    const used = reach(at, "user", "used");
    for (const node of nodes) {
      const name = node.dataset.node;
      node.classList.toggle("near", users.has(name) || used.has(name));
    }
    for (const edge of edges) {
      const { user, used: below } = edge.dataset;
      const out = users.has(user) && users.has(below);
      edge.classList.toggle("near", out || (used.has(user) && used.has(below)));
    }
  }

  function choose(at) {
    chosen = chosen === at ? null : at;
    for (const node of nodes) node.classList.toggle("chosen", node.dataset.node === chosen);
    for (const panel of document.querySelectorAll(".panel")) {
      panel.hidden = panel.id !== `panel-${chosen}`;
    }
    document.getElementById("hint").hidden = chosen !== null;
    light(chosen);
  }

  for (const node of nodes) {
    const at = node.dataset.node;
    node.addEventListener("mouseenter", () => light(at));
    node.addEventListener("mouseleave", () => light(chosen));
    node.addEventListener("click", () => choose(at));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(at);
    });
  }
  const first = graph.querySelector(".node.broken") || graph.querySelector(".node");
  choose(first.dataset.node);
  light(null);
})();
