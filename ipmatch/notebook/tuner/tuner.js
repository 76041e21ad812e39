// The page of the tuner: it draws what Python says, and asks. It knows no score and no rule.

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  // Jupyter would otherwise take the arrow keys of a slider for its own shortcuts.
  if (["input", "select", "button", "summary"].includes(tag)) made.dataset.lmSuppressShortcuts = "true";
  made.append(...children);
  return made;
};

function render({ model, el }) {
  const identifier = `t${Math.random().toString(36).slice(2)}`;
  const view = () => model.get("view");
  const page = element("section", { class: "ipmatch-tuner", "aria-label": "Tuner", "aria-busy": "false" });

  // One question at a time; of several moves of one slider in a row only the latest is asked.
  const key = ({ kind, name }) => `${kind} ${name}`;
  const pending = [];
  let asked = null;
  const next = () => {
    if (asked === null && pending.length) model.send(asked = pending.shift());
    page.setAttribute("aria-busy", String(asked !== null));
  };
  const ask = (message) => {
    const last = pending.at(-1);
    if ("final" in message && last && key(last) === key(message)) pending.pop();
    pending.push(message);
    next();
  };
  // What somebody has moved or is typing stays as it is until it is answered, and a slider that is held has
  // its end where it was: to move that under the pointer would move the weight.
  let typing = null;
  let held = null;
  const isOpen = (name) => [asked, ...pending].some((message) => message && key(message) === name);

  const controls = new Map();
  const showControls = () => {
    for (const one of view().weights) controls.get(`weight ${one.name}`)?.(one);
    for (const one of view().rules) controls.get(`rule ${one.name}`)?.(one);
  };
  const slider = (kind, item, label) => {
    const id = `${identifier}-${kind}-${item.name}`;
    const say = (value) =>
      range.setAttribute("aria-valuetext", `${value}${kind === "weight" ? " points" : ""}`);
    const move = (final) => (event) => {
      const value = event.target.value;
      for (const other of [range, exact]) if (other !== event.target) other.value = value;
      if (value === "") return;
      say(value);
      ask({ kind, name: item.name, value, final });
    };
    const letGo = () => { held = null; showControls(); };
    const range = element("input", {
      type: "range", id, min: 0, step: 1, "data-key": id,
      oninput: move(false), onchange: move(true),
      onpointerdown: () => { held = range; }, onpointerup: letGo, onpointercancel: letGo,
    });
    const exact = element("input", {
      type: "number", min: 0, step: "any", "aria-label": `${label}, exactly`, "data-key": `${id}-exact`,
      oninput: () => { typing = exact; },
      onchange: move(true),
      onblur: () => { typing = null; showControls(); },
    });
    controls.set(`${kind} ${item.name}`, (now) => {
      if (held !== range) range.max = now.most;
      if (isOpen(`${kind} ${item.name}`) || typing === exact) return;
      for (const input of [range, exact]) input.value = now.value;
      say(now.value);
    });
    return element("div", { class: "t-weight" }, element("label", { for: id }, label), range, exact);
  };

  const choice = (item) => {
    const id = `${identifier}-rule-${item.name}`;
    const select = element("select", {
      id, "data-key": id,
      onchange: (event) => ask({ kind: "rule", name: item.name, value: event.target.value, final: true }),
    });
    controls.set(`rule ${item.name}`, (now) => {
      if (isOpen(`rule ${item.name}`)) return;
      select.replaceChildren(...now.options.map(({ value, words }) => element("option", { value }, words)));
      select.value = now.value;
    });
    return element("div", { class: "t-rule" }, element("label", { for: id }, item.words), select);
  };

  const { weights, rules } = view();
  const sliders = (listed) =>
    weights.filter((one) => one.listed === listed).map((one) => slider("weight", one, one.words));
  const more = element("details", {}, element("summary", {}, "More criteria"), ...sliders(false));
  const left = element(
    "div", {},
    element("fieldset", {}, element("legend", {}, "Weights: points for full strength"), ...sliders(true), more),
    element(
      "fieldset", {}, element("legend", {}, "Rules"),
      ...rules.map((one) => (one.options.length ? choice(one) : slider("rule", one, one.words))),
    ),
  );

  const button = (words, message) =>
    element("button", { type: "button", "data-key": `${identifier}-${words}`, onclick: () => ask(message()) }, words);
  const undo = button("Undo", () => ({ kind: "undo" }));
  const redo = button("Redo", () => ({ kind: "redo" }));
  const reset = button("Back to the base", () => ({ kind: "reset" }));
  const path = element("input", { type: "text", value: "policy.toml", "aria-label": "File for the policy" });
  const save = button("Save policy", () => ({ kind: "save", path: path.value }));
  const summary = element("p", { class: "t-summary", role: "status", "aria-live": "polite" });
  const wrong = element("p", { class: "t-wrong", role: "alert" });
  const saved = element("p", { class: "t-saved", role: "status" });
  const body = element("tbody");
  const rest = element("p");
  const apart = element("div");
  const heads = ["mentee", "mentor", "tier", "score", "since the base", "decide"];
  const table = element(
    "table", {},
    element("caption", {}, "Pairs, those that changed first"),
    element("thead", {}, element("tr", {}, ...heads.map((words, place) =>
      element("th", { scope: "col", class: { 3: "t-num", 5: "t-acts" }[place] }, words)))),
    body,
  );
  const scroll = element("div", { class: "t-scroll", tabindex: 0, role: "region", "aria-label": "Pairs" }, table);
  const right = element(
    "div", {}, summary, wrong, element("div", { class: "t-bar" }, undo, redo, reset, path, save), saved, scroll, rest, apart,
  );

  const act = (kind, row, words, pressed) =>
    element("button", {
      type: "button", "data-key": `${identifier}-${kind}-${row.mentor}-${row.mentee}`,
      "aria-label": `${words} ${row.mentor} with ${row.mentee}`, "aria-pressed": pressed === undefined ? null : String(pressed),
      onclick: () => ask({ kind: pressed ? "release" : kind, mentor: row.mentor, mentee: row.mentee }),
    }, words);

  const line = (row) => {
    const acts = row.mentor ? [act("keep", row, "Keep", row.kept), " ", act("forbid", row, "Not this")] : [];
    return element(
      "tr", { class: row.change && "t-changed" },
      element("th", { scope: "row" }, row.mentee), element("td", {}, row.mentor || "nobody"), element("td", {}, row.tier),
      element("td", { class: "t-num" }, row.score), element("td", {}, row.change || "same"),
      element("td", { class: "t-acts" }, ...acts),
    );
  };

  const draw = () => {
    const now = view();
    const root = el.getRootNode();
    const focused = root.activeElement?.getAttribute("data-key");
    showControls();
    if (summary.textContent !== now.summary) summary.textContent = now.summary;
    wrong.textContent = now.wrong;
    saved.textContent = now.saved;
    undo.disabled = !now.undo;
    redo.disabled = !now.redo;
    reset.disabled = !now.undo;
    body.replaceChildren(...now.rows.map(line));
    rest.textContent = now.rest;
    apart.replaceChildren(...(now.apart.length ? [
      element("p", {}, "Kept apart"),
      element("ul", { class: "t-apart" }, ...now.apart.map((pair) =>
        element("li", {}, `${pair.mentor} with ${pair.mentee} `, act("release", pair, "Allow again")))),
    ] : []));
    // Rows are made anew; whoever was on a button stays on it.
    if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    el.dataset.turn = now.turn;
  };

  const answered = () => {
    asked = null;
    draw();
    next();
  };
  model.on("change:view", answered);
  page.append(element("div", { class: "t-panes" }, left, right));
  el.append(page);
  draw();
  return () => model.off("change:view", answered);
}

export default { render };
