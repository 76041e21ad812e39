"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const source = $("data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const FIRST = 12;
  const decisions = [];
  let shownAll = false;
  let asked = null;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const label = (id) => (data.names[id] ? `${id} ${data.names[id]}` : id);
  const who = (id) => {
    const span = element("span", undefined, "who");
    span.append(element("b", id));
    if (data.names[id]) span.append(" ", element("bdi", data.names[id]));
    return span;
  };
  const option = (value) => {
    const made = element("option", label(value));
    made.value = value;
    made.dir = "auto";
    return made;
  };
  const say = (words) => { $("status").textContent = words; };

  // What insisting on a pair does; for one that is made, what doing without it does.
  const price = (offer, place) => {
    const found = offer.price[place];
    return found === -1 ? "not possible" : found === -2 ? "ask ipmatch why-not" : data.losses[found];
  };
  const told = (mentee, mentor) => (data.told[mentee] || {})[mentor];

  const moves = (steps) => {
    if (!steps.length) return element("span", "Nobody moves.", "line");
    const items = element("ul");
    items.append(...steps.map(([mentee, before, after, change]) => {
      const points = change === "0" ? "the same score" : `${change.startsWith("-") ? "−" : "+"}${change.replace("-", "")}`;
      return element("li", `${mentee}: ${before || "nobody"} → ${after || "nobody"}, ${points}`);
    }));
    return items;
  };

  const button = (words, name, act) => {
    const made = element("button", words);
    made.type = "button";
    made.setAttribute("aria-label", name);
    made.addEventListener("click", () => act(made));
    return made;
  };

  const row = (mentee, offer, place) => {
    const mentor = data.mentors[offer.mentor[place]];
    const made = place < offer.now;
    const words = price(offer, place);
    const answer = told(mentee, mentor);
    const sentence = answer && answer.because;
    const line = element("tr", undefined, made ? "present" : offer.allowed[place] === "1" ? "" : "against");
    const head = element("th");
    head.scope = "row";
    head.append(who(mentor));
    if (made) head.append(" (proposed)");
    const said = element("td", undefined, "said");
    said.append(element("b", made ? `Doing without ${words}` : words));
    if (answer && answer.rules) said.append(element("span", `Against the rules: ${answer.rules}.`, "line"));
    if (offer.price[place] === -1 && sentence) said.append(element("span", sentence, "line"));
    else if (answer) said.append(moves(answer.moves));
    else if (offer.price[place] !== -1) said.append(element("span", `Who would move: ipmatch why-not COHORT ${mentor} ${mentee}`, "line"));
    const decide = element("td");
    const pair = { mentor, mentee };
    if (made) {
      decide.append(
        button("Keep…", `Keep ${mentor} with ${mentee}`, (from) =>
          ask(from, { kind: "require", ...pair }, `Keep ${mentor} with ${mentee}`, data.keeping)),
        button("Forbid…", `Forbid ${mentor} with ${mentee}`, (from) =>
          ask(from, { kind: "forbid", ...pair }, `Forbid ${mentor} with ${mentee}`, sentence || `Doing without ${words}.`)));
    } else {
      if (offer.price[place] !== -1) {
        decide.append(button("Insist…", `Insist on ${mentor} with ${mentee}`, (from) =>
          ask(from, { kind: "require", ...pair }, `Insist on ${mentor} with ${mentee}`, sentence || `Insisting ${words}.`)));
      }
      decide.append(button("Forbid…", `Forbid ${mentor} with ${mentee}`, (from) =>
        ask(from, { kind: "forbid", ...pair }, `Forbid ${mentor} with ${mentee}`, "They are not paired, so forbidding them alone changes nothing.")));
    }
    const points = element("td", data.worth[offer.score[place]], "number");
    line.append(head, said, element("td", data.tiers[offer.tier[place]]), points, decide);
    return line;
  };

  const show = () => {
    const mentee = $("mentee").value;
    const offer = data.offers[data.mentees.indexOf(mentee)];
    const count = offer.mentor.length;
    const until = shownAll ? count : Math.min(count, offer.now + FIRST);
    const lines = [];
    for (let place = 0; place < until; place += 1) lines.push(row(mentee, offer, place));
    $("offers").tBodies[0].replaceChildren(...lines);
    const now = offer.mentor.slice(0, offer.now).map((i) => data.mentors[i]);
    $("offers-caption").textContent = `Mentors for ${mentee}: cheapest first, those against the rules last`;
    $("now").replaceChildren(element("p", now.length ? `${mentee} has ${now.map(label).join(" and ")} now.` : `${mentee} has no mentor now.`));
    $("more").hidden = until === count;
    $("more").textContent = `Show all ${count} mentors`;
    say(`${until} of ${count} mentors shown for ${mentee}.`);
  };

  const showLeaver = () => {
    const id = $("leaver").value;
    const words = data.withdrawals[id] || "What this withdrawal would do is not in the page: ipmatch explain tells.";
    $("left").textContent = words;
    return words;
  };

  const ask = (from, decision, title, promise) => {
    asked = { from, decision, title, promise };
    $("ask-h").textContent = title;
    $("ask-price").textContent = promise;
    $("reason").value = "";
    $("ask").showModal();
    ($("by").value ? $("reason") : $("by")).focus();
  };

  const subject = (one) => [one.id, one.mentor, one.mentee].join("\u0000");
  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const record = () => {
    const by = $("by").value.trim();
    const reason = $("reason").value.trim();
    if (!by || !reason) return false;
    const same = decisions.findIndex((one) => subject(one.decision) === subject(asked.decision));
    if (same >= 0) decisions.splice(same, 1);
    decisions.push({ ...asked, decision: { ...asked.decision, by, when: today(), reason } });
    list();
    say(`Recorded: ${asked.title}. ${decisions.length} in all.`);
    return true;
  };

  const list = () => {
    const lines = decisions.map((one, place) => {
      const line = element("li");
      const note = element("small", `${one.decision.by}, ${one.decision.when}: ${one.decision.reason}`);
      line.append(element("b", one.title), ". ", one.promise, note, button("Remove", `Remove: ${one.title}`, () => {
        decisions.splice(place, 1);
        list();
        say(`Removed: ${one.title}.`);
        ($("decided").querySelector("button") || $("mentee")).focus();
      }));
      line.querySelector("button").className = "plain";
      return line;
    });
    $("decided").replaceChildren(...lines);
    $("decided-count").textContent = decisions.length;
    const many = decisions.length;
    $("decided-note").textContent = !many
      ? "None yet. Insist on a pair, forbid one, or keep one that is proposed; say who decides and why; then save."
      : many === 1
        ? "Solved again with this one decision, the programme gains or loses exactly what is said here."
        : `Each price is for that decision alone. Prices do not add up: what all ${many} do together is known once they are solved again.`;
    $("save").disabled = !many;
    $("then").hidden = !many;
  };

  const save = () => {
    const all = [...data.decided, ...decisions.map((one) => one.decision)];
    const text = `${JSON.stringify({ kind: "decisions", version: 1, decisions: all }, null, 1)}\n`;
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "decisions.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say("decisions.json is saved.");
  };

  $("mentee").append(...data.mentees.map(option));
  $("leaver").append(...[...data.mentors, ...data.mentees].map(option));
  $("mentee").addEventListener("change", () => { shownAll = false; show(); });
  $("leaver").addEventListener("change", showLeaver);
  $("more").addEventListener("click", () => {
    const first = $("offers").tBodies[0].rows.length;
    shownAll = true;
    show();
    $("offers").tBodies[0].rows[first].querySelector("button").focus();
  });
  $("withdraw").addEventListener("click", () => {
    const id = $("leaver").value;
    ask($("withdraw"), { kind: "withdraw", id }, `${id} withdraws`, showLeaver());
  });
  $("ask").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (record()) $("ask").close();
  });
  $("cancel").addEventListener("click", () => $("ask").close());
  $("ask").addEventListener("close", () => { if (asked && asked.from.isConnected) asked.from.focus(); });
  $("save").addEventListener("click", save);
  show();
  showLeaver();
  $("plain").hidden = true;
  $("app").hidden = false;
})();
