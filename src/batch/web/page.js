"use strict";
// Shows what the station sends. All texts go in as text, never as markup.

const byId = (id) => document.getElementById(id);
const BUSY = ["loading", "identifying", "ripping", "verifying", "publishing", "ejecting"];
const STALE_AFTER = 15000;  // ms; the station sends something every five seconds
const RETRY_AFTER = 3000;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Leaves alone what stands there already, so that nothing flickers and selections stay.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Gives `parent` as many children as there are items, and fills each.
function fill(parent, items, make, update) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  items.forEach((item, i) => {
    if (i >= parent.children.length) parent.append(make());
    update(parent.children[i], item);
  });
}

const words = (key) => key.replaceAll("_", " ");
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const s = seconds % 60, m = Math.floor(seconds / 60) % 60, h = Math.floor(seconds / 3600);
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function bytes(n) {
  for (const unit of ["B", "kB", "MB", "GB", "TB"]) {
    if (n < 1000 || unit === "TB") return `${n < 10 && unit !== "B" ? n.toFixed(1) : Math.round(n)} ${unit}`;
    n /= 1000;
  }
}

const driveNumber = (drive) => drive.node.replace("/dev/sr", "").replace("/dev/", "") || "–";

function localTime(iso) {
  const time = new Date(iso);
  return isNaN(time) ? iso : time.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
}

// ---- drives ----

function makeDrive() {
  const card = element("article", "drive");
  const top = element("div", "top");
  top.append(element("span", "number"), element("span", "stage"), element("span", "name"));
  const bar = element("div", "bar");
  bar.append(element("i"));
  const figures = element("div", "figures");
  for (const name of ["percent", "track", "speed", "errors", "not-good", "left"]) figures.append(element("span", name));
  const buttons = element("div", "buttons");
  for (const [action, label] of [["set_aside", "Set aside"], ["take_back", "Take back"], ["eject", "Eject"]]) {
    const button = element("button", action, label);
    button.type = "button";
    button.addEventListener("click", () => ask(action, card.dataset.id));
    buttons.append(button);
  }
  card.append(top, element("p", "disc"), element("p", "reason"), bar, figures, buttons);
  return card;
}

function kindOf(drive) {
  if (BUSY.includes(drive.stage)) return "busy";
  if (drive.stage === "done") return drive.reason ? "failed" : "out";
  return drive.stage;
}

function stageOf(drive) {
  if (drive.stage === "done") return drive.reason ? "take it out: failed" : "take it out";
  const p = drive.progress;
  return p && p.passes > 1 && p.pass_name ? p.pass_name : words(drive.stage);
}

function updateFigures(card, p) {
  const part = (name) => card.querySelector("." + name);
  part("bar").hidden = part("figures").hidden = !p;
  if (!p) return;
  const share = p.sectors_total > 0 ? Math.min(1, Math.max(0, p.sectors_done / p.sectors_total)) : 0;
  part("bar").firstElementChild.style.width = `${(share * 100).toFixed(1)}%`;
  setText(part("percent"), `${Math.floor(share * 100)}%`);
  setText(part("track"), p.track > 0 ? `track ${p.track}/${p.last_track}` : "");
  setText(part("speed"), `${p.speed.toFixed(1)}×`);
  const errors = p.c2_sectors + p.medium_errors + p.other_errors;
  setText(part("errors"), errors > 0 ? `errors ${grouped(errors)}` : "");
  setText(part("not-good"), p.pass > 1 && p.sectors_not_good > 0 ? `not good ${grouped(p.sectors_not_good)}` : "");
  setText(part("left"), p.seconds_left === null ? "" : clock(p.seconds_left));
}

function updateDrive(card, drive, control) {
  const part = (name) => card.querySelector("." + name);
  card.className = `drive ${kindOf(drive)}`;
  card.dataset.id = drive.id;
  setText(part("number"), driveNumber(drive));
  setText(part("stage"), stageOf(drive));
  setText(part("name"), drive.name);
  part("name").title = `${drive.name} ${drive.id}`;
  setText(part("disc"), drive.disc);
  setText(part("reason"), drive.reason);
  part("reason").hidden = !drive.reason;
  updateFigures(card, drive.progress);
  part("buttons").hidden = !control;
  part("set_aside").hidden = drive.stage === "set_aside" || drive.stage === "gone";
  part("take_back").hidden = drive.stage !== "set_aside";
  part("eject").hidden = BUSY.includes(drive.stage) || drive.stage === "gone";
}

// ---- the whole ----

function updateTotals(ends) {
  fill(byId("totals"), Object.entries(ends), () => {
    const total = element("div");
    total.append(element("b"), element("span"));
    return total;
  }, (total, [end, count]) => {
    total.className = end + (count > 0 ? " some" : "");
    setText(total.firstChild, grouped(count));
    setText(total.lastChild, words(end));
  });
}

function updateFinished(station) {
  const numbers = new Map(station.drives.map((drive) => [drive.id, driveNumber(drive)]));
  byId("finished").hidden = station.finished.length === 0;
  fill(byId("finished-rows"), station.finished, () => {
    const row = element("tr");
    for (const name of ["time", "drive-number", "disc-name", "end", "verdict"]) row.append(element("td", name));
    return row;
  }, (row, disc) => {
    row.className = disc.end;
    const texts = [localTime(disc.time), numbers.get(disc.drive) ?? disc.drive, disc.disc || "not identified",
                   words(disc.end), disc.verdict];
    texts.forEach((text, i) => setText(row.children[i], text));
  });
}

function show(station) {
  setText(byId("archive"), station.archive);
  setText(byId("free"), `${bytes(station.free_bytes)} free`);
  byId("stopping").hidden = !station.stopping;
  const needs = station.needs_a_hand;
  byId("needs").hidden = needs.length === 0;
  fill(byId("needs-list"), needs, () => element("li"), setText);
  document.title = needs.length > 0 ? `(${needs.length}) binrip` : "binrip";
  updateTotals(station.ends);
  fill(byId("drives"), station.drives, makeDrive, (card, drive) => updateDrive(card, drive, station.control));
  updateFinished(station);
  byId("control").hidden = !station.control;
  byId("stop").disabled = station.stopping || byId("token").value === "";
}

// ---- control ----

async function ask(action, drive) {
  const answer = byId("answer");
  setText(answer, "…");
  try {
    const reply = await fetch("/api/v1/control", {
      method: "POST",
      headers: {"Content-Type": "application/json", "Authorization": `Bearer ${byId("token").value}`},
      body: JSON.stringify({action, drive}),
    });
    const body = await reply.json();
    setText(answer, reply.ok ? `${words(action)}: taken` : `${words(action)}: ${body.error}`);
  } catch {
    setText(answer, `${words(action)}: the station did not answer`);
  }
}

byId("token").value = sessionStorage.getItem("token") ?? "";
byId("token").addEventListener("input", () => {
  sessionStorage.setItem("token", byId("token").value);
  byId("stop").disabled = byId("token").value === "";
});
byId("stop").addEventListener("click", () => {
  if (confirm("Begin no more discs?")) ask("stop", "");
});

// ---- the connection ----

let heard = Date.now();

function connect() {
  const events = new EventSource("/events");
  events.addEventListener("station", (event) => {
    heard = Date.now();
    show(JSON.parse(event.data));
    byId("stale").hidden = true;
  });
  events.addEventListener("beat", () => {
    heard = Date.now();
    byId("stale").hidden = true;
  });
  events.addEventListener("error", () => {
    byId("stale").hidden = false;
    events.close();
    setTimeout(connect, RETRY_AFTER);
  });
}

setInterval(() => {
  if (Date.now() - heard > STALE_AFTER) byId("stale").hidden = false;
}, 1000);
connect();
